package dev.postfeed.feed;

import dev.postfeed.query.IdRange;
import java.util.Comparator;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of the feed has seen: everything up to the highest id, but for the open holes, which may yet be filled
 * by transactions that drew their ids before and commit after. Written {@code 1057-1043.1045_1047}: 1043 and 1045 to
 * 1047 may yet come.
 *
 * @param highest 0 or more; never in a hole itself
 * @param open the holes, all below it
 */
record FeedPosition(long highest, IdRanges open) {

    /** Before the first post. */
    static final FeedPosition EARLIEST = new FeedPosition(0, IdRanges.NONE);

    /** The most ranges that are written: a position has to fit a header. */
    static final int MOST_RANGES = 32;

    /** Before the number of a timeline. */
    static final char TIMELINE = '~';

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,19})(?:-([0-9._]{1,1300}))?");
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,19})(?:_([0-9]{1,19}))?");

    /** Of one who knows what has become of every id up to {@code settled}, but for those in the holes. */
    static FeedPosition of(long settled, IdRanges open) {
        IdRange last = open.last();
        return last == null || last.last() < settled
                ? new FeedPosition(settled, open)
                : new FeedPosition(last.first() - 1, open.minus(last.first(), last.last()));
    }

    /** What {@link #toString} wrote, or null where it can have written no such thing. */
    static @Nullable FeedPosition parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        try {
            long highest = Long.parseLong(matcher.group(1));
            IdRanges open = matcher.group(2) == null ? IdRanges.NONE : parseRanges(matcher.group(2), highest);
            return open == null ? null : new FeedPosition(highest, open);
        } catch (NumberFormatException e) {
            return null; // More than 2^63-1.
        }
    }

    private static @Nullable IdRanges parseRanges(String text, long highest) {
        IdRanges open = IdRanges.NONE;
        long before = -1;
        for (String part : text.split("\\.", -1)) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                return null;
            }
            long first = Long.parseLong(range.group(1));
            long last = range.group(2) == null ? first : Long.parseLong(range.group(2));
            // Ascending, and not to be written shorter.
            if (first < 1 || first <= before + 1 || last < first || (range.group(2) != null && last == first)) {
                return null;
            }
            open = open.plus(first, last);
            before = last;
        }
        return before < highest && open.size() <= MOST_RANGES ? open : null;
    }

    /** Whether a post has been seen, or can never come. */
    boolean has(long id) {
        return id <= highest && !open.contains(id);
    }

    /** The position of one who has what either has. */
    FeedPosition with(FeedPosition other) {
        if (highest == 0) {
            return other;
        }
        long settled = Math.max(highest, other.highest);
        return of(settled, missing(settled).and(other.missing(settled)));
    }

    /** The ids up to one that have not been seen, and may come. */
    IdRanges missing(long upTo) {
        return open.upTo(upTo).plus(IdRanges.of(1, upTo).after(highest));
    }

    /**
     * The same with at most so many ranges: those that are closest to each other become one, with what lies between
     * them. Who resumes there loses nothing, and may be given again what was between.
     */
    FeedPosition coarse(int ranges) {
        if (open.size() <= ranges) {
            return this;
        }
        PriorityQueue<IdRange> widest = new PriorityQueue<>(Comparator.comparingLong(gap -> gap.last() - gap.first()));
        IdRange before = null;
        for (IdRange range : open) {
            if (before != null) {
                widest.add(new IdRange(before.last() + 1, range.first() - 1));
                if (widest.size() == ranges) {
                    widest.remove();
                }
            }
            before = range;
        }
        IdRanges merged = IdRanges.of(
                open.iterator().next().first(), Objects.requireNonNull(before).last());
        for (IdRange gap : widest) {
            merged = merged.minus(gap.first(), gap.last());
        }
        return new FeedPosition(highest, merged);
    }

    /** As clients carry it: with the number of the timeline from the first failover on, as in {@code 1057-1043~2}. */
    String on(int timeline) {
        return timeline == Timeline.FIRST.id() ? toString() : toString() + TIMELINE + timeline;
    }

    /** As clients carry it on the first timeline. */
    @Override
    public String toString() {
        if (open.isEmpty()) {
            return Long.toString(highest);
        }
        StringBuilder text = new StringBuilder().append(highest);
        char delimiter = '-';
        for (IdRange range : coarse(MOST_RANGES).open()) {
            text.append(delimiter).append(range.first());
            if (range.last() > range.first()) {
                text.append('_').append(range.last());
            }
            delimiter = '.';
        }
        return text.toString();
    }
}
