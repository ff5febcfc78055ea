package dev.postfeed.feed;

import java.util.Map;

/**
 * Which past the rows of the database are of. A standby that takes over, and a backup that is brought up to some point, begin
 * another one, and may lack the last that there was of the one before: ids that were drawn there are then drawn again, for other
 * posts. So what a client had of an earlier timeline counts as far as both have it in common, and the rest is given again.
 *
 * @param id PostgreSQL's number of it: 1 until the first failover
 * @param shared by earlier timelines, an id up to which they had drawn by what this one still has of them
 * @see <a href="https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-TIMELINES">Timelines</a>
 */
record Timeline(int id, Map<Integer, Long> shared) {

    static final Timeline FIRST = new Timeline(1, Map.of());

    /** Where a client goes on here that had got to a position on an earlier one; from the first post where nothing is known. */
    FeedPosition resume(FeedPosition position, int earlier) {
        long last = shared.getOrDefault(earlier, 0L);
        return position.highest() <= last ? position : FeedPosition.of(last, position.missing(last));
    }
}
