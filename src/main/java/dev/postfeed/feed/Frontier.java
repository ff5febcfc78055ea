package dev.postfeed.feed;

import dev.postfeed.query.IdRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows of the ids of posts: up to the frontier each has been read, is dead, or lies in an open hole. No
 * I/O, and one caller at a time.
 *
 * <p>A pass is a {@link Look}, and then a statement with a later snapshot that reads the rows in the ranges that
 * {@link #begin} asks for, in order of their ids. {@code nextval} takes a lock on the sequence before it draws, and the
 * transaction keeps it until it has ended and its rows can be seen. So of an id that was drawn by the time of a look,
 * and has no row in the statement, the transaction is among the holders of that look, or it will never come. Ids that
 * are drawn later wait for the next pass.
 *
 * <p>A hole is asked for again only when one of those who may fill it has ended. That, too, keeps the order: what was
 * acknowledged before a look is read in its pass, hole or not.
 */
final class Frontier {

    /**
     * What is known before rows are read.
     *
     * @param drawn the last id that was drawn from the sequence
     * @param holders the transactions that held the lock of the sequence at a time after that
     */
    record Look(long drawn, Set<String> holders) {}

    /** Prepared transactions; what they were called before they were prepared cannot be known. */
    private static final String PREPARED = "-1/";

    /** Who may fill holes, and whether one who might has ended since they were last asked for. */
    private record Suspects(Set<String> holders, boolean due) {}

    private long frontier;

    /** The last id of a row, at most the frontier. Ids above it may be drawn again after a crash. */
    private long highest;

    private IdRanges open = IdRanges.NONE;
    private Map<Suspects, IdRanges> holes = new HashMap<>();
    private Look look = new Look(0, Set.of());

    /** Whether the ids have gone back behind what was read: another past, of which nothing here is true. */
    boolean isAheadOf(Look next) {
        return next.drawn() < highest;
    }

    /**
     * The position of one who has been given all that was read. Not beyond the last row: what a commit has made durable,
     * the ids up to its own are drawn for good.
     */
    FeedPosition position() {
        IdRange last = open.last();
        return new FeedPosition(highest, last == null || last.last() < highest ? open : open.upTo(highest));
    }

    /**
     * The connection is another. If that is because the server crashed, ids that were drawn, and neither committed nor
     * below one that was, are drawn again: they are as new as those that follow. Names of transactions begin again, too.
     */
    void reconnected() {
        frontier = highest;
        open = open.upTo(highest);
        Map<Suspects, IdRanges> left = new HashMap<>();
        holes.forEach((suspects, ranges) -> add(left, new Suspects(suspects.holders(), true), ranges.upTo(highest)));
        holes = left;
    }

    /** The highest id of a row, 0 where there is none. */
    long highest() {
        return highest;
    }

    /**
     * Begins a pass.
     *
     * @param ids of the ranges before the last one there are not more than this
     * @return what to read, in order; may be empty
     */
    List<IdRange> begin(Look next, int ids) {
        take(next);
        List<IdRange> ranges = new ArrayList<>();
        long width = 0;
        for (IdRange range : due()) {
            if (width >= ids) {
                return ranges;
            }
            ranges.add(range);
            width += range.last() - range.first() + 1;
        }
        if (width < ids && next.drawn() > frontier) {
            ranges.add(new IdRange(frontier + 1, next.drawn()));
        }
        return ranges;
    }

    /** Who has ended since the last look, and what may come of it. */
    private void take(Look next) {
        Set<String> prepared = new HashSet<>(next.holders());
        prepared.removeIf(holder -> !holder.startsWith(PREPARED));
        Map<Suspects, IdRanges> left = new HashMap<>();
        holes.forEach((suspects, ranges) -> {
            Set<String> holders = new HashSet<>(suspects.holders());
            boolean ended = holders.retainAll(next.holders());
            holders.addAll(prepared);
            left.merge(new Suspects(holders, suspects.due() || ended), ranges, IdRanges::plus);
        });
        holes = left;
        look = next;
    }

    private IdRanges due() {
        IdRanges due = IdRanges.NONE;
        for (Map.Entry<Suspects, IdRanges> entry : holes.entrySet()) {
            if (entry.getKey().due()) {
                due = due.plus(entry.getValue());
            }
        }
        return due;
    }

    /**
     * The next row that was read. Gives the position of one who has been given it, and all before it.
     *
     * @param id of what was asked for, ascending
     */
    FeedPosition seen(long id) {
        if (id <= frontier) {
            highest = Math.max(highest, id);
            open = open.minus(id, id);
            holes.replaceAll((suspects, ranges) -> suspects.due() ? ranges.minus(id, id) : ranges);
        } else {
            settleGap(id - 1);
            frontier = id;
            highest = id;
        }
        return position();
    }

    /** Ends a pass: all rows up to an id, of what was asked for, have been seen. Returns whether nothing is left. */
    boolean end(long upTo) {
        settleGap(Math.min(upTo, look.drawn()));
        Map<Suspects, IdRanges> left = new HashMap<>();
        holes.forEach((suspects, ranges) -> {
            if (!suspects.due()) {
                left.merge(suspects, ranges, IdRanges::plus);
                return;
            }
            IdRanges answered = ranges.upTo(upTo);
            if (suspects.holders().isEmpty()) {
                open = open.minus(answered);
            } else {
                add(left, new Suspects(suspects.holders(), false), answered);
            }
            add(left, suspects, ranges.after(upTo));
        });
        holes = left;
        return frontier == look.drawn() && left.keySet().stream().noneMatch(Suspects::due);
    }

    private static void add(Map<Suspects, IdRanges> holes, Suspects suspects, IdRanges ranges) {
        if (!ranges.isEmpty()) {
            holes.merge(suspects, ranges, IdRanges::plus);
        }
    }

    /** Ids without a row: holes, where somebody is left who may fill them. */
    private void settleGap(long last) {
        if (last > frontier) {
            if (!look.holders().isEmpty()) {
                add(frontier + 1, last);
            }
            frontier = last;
        }
    }

    private void add(long first, long last) {
        open = open.plus(first, last);
        holes.merge(new Suspects(look.holders(), false), IdRanges.of(first, last), IdRanges::plus);
    }

    /**
     * A pass without rows, for nobody is there to be told of them: as if all that is there had been read.
     *
     * @param last the highest id of a row now, of those drawn by the look
     * @param gaps the ids without a row between the highest one before and what has been drawn, read after the look; of no
     *     meaning where nobody holds the lock
     */
    void skip(Look next, long last, List<IdRange> gaps) {
        reconnected();
        take(next);
        for (Suspects suspects : List.copyOf(holes.keySet())) {
            if (suspects.holders().isEmpty()) {
                open = open.minus(Objects.requireNonNull(holes.remove(suspects)));
            }
        }
        frontier = next.drawn();
        highest = Math.max(highest, last);
        if (!next.holders().isEmpty()) {
            gaps.forEach(gap -> add(gap.first(), gap.last()));
        }
    }

    /** Starts anew, as one that knows nothing. */
    void reset() {
        frontier = 0;
        highest = 0;
        open = IdRanges.NONE;
        holes = new HashMap<>();
        look = new Look(0, Set.of());
    }

    /** The first id of the lowest open hole, or null where there is none. */
    @Nullable
    Long lowestHole() {
        return open.isEmpty() ? null : open.iterator().next().first();
    }
}
