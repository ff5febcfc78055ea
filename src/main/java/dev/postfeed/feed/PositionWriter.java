package dev.postfeed.feed;

import java.util.Objects;

/**
 * Writes one position after the other. A long transaction can leave thousands of holes open, and each event between them
 * has a position: they are merged anew only after some more have come, not for each of them.
 */
final class PositionWriter {

    private static final int MERGED = FeedPosition.MOST_RANGES / 2;

    /** In few ranges, and in which all holes up to an id are. */
    private IdRanges cover = IdRanges.NONE;

    private long covered = -1;

    private final int timeline;

    /** @param timeline of all that it writes */
    PositionWriter(int timeline) {
        this.timeline = timeline;
    }

    /** Forgets what was merged: what has been filled since need not be read again by those who resume. */
    void refresh() {
        covered = -1;
    }

    /** @param position not before the last one */
    String write(FeedPosition position) {
        if (position.open().size() <= FeedPosition.MOST_RANGES) {
            return position.on(timeline);
        }
        IdRanges since = position.open().after(Math.max(0, covered));
        if (covered < 0 || cover.size() + since.size() > FeedPosition.MOST_RANGES) {
            cover = position.coarse(MERGED).open();
            covered = Objects.requireNonNull(cover.last()).last();
            since = IdRanges.NONE;
        }
        return new FeedPosition(position.highest(), cover.plus(since)).on(timeline);
    }
}
