package dev.postfeed.feed;

import dev.postfeed.query.IdRange;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * A set of ids as ranges, of which no two touch. A value: a change shares all but a few nodes with what it was made
 * from, so that each of thousands of events can have one of its own. What it costs grows with the ranges (by their
 * logarithm), never with the ids in them.
 */
final class IdRanges implements Iterable<IdRange> {

    static final IdRanges NONE = new IdRanges(TreePMap.empty());

    /** The first id of each range to its last one. */
    private final TreePMap<Long, Long> ranges;

    private IdRanges(TreePMap<Long, Long> ranges) {
        this.ranges = ranges;
    }

    /** All ids from the first to the last; none where the last is less. */
    static IdRanges of(long first, long last) {
        return NONE.plus(first, last);
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** How many ranges. */
    int size() {
        return ranges.size();
    }

    boolean contains(long id) {
        Map.Entry<Long, Long> range = ranges.floorEntry(id);
        return range != null && range.getValue() >= id;
    }

    /** The range of the highest ids, or null where there is none. */
    @Nullable
    IdRange last() {
        return ranges.isEmpty() ? null : range(ranges.lastEntry());
    }

    /** With the ids from the first to the last; none where the last is less. */
    IdRanges plus(long first, long last) {
        if (last < first) {
            return this;
        }
        TreePMap<Long, Long> left = ranges;
        long from = first;
        long to = last;
        // Those that overlap or touch become one with it.
        Map.Entry<Long, Long> range = left.floorEntry(to == Long.MAX_VALUE ? to : to + 1);
        while (range != null && range.getValue() >= from - 1) {
            from = Math.min(from, range.getKey());
            to = Math.max(to, range.getValue());
            left = left.minus(range.getKey());
            range = left.floorEntry(to);
        }
        return new IdRanges(left.plus(from, to));
    }

    /** Without the ids from the first to the last; with all of them where the last is less. */
    IdRanges minus(long first, long last) {
        if (last < first) {
            return this; // Or else a range that goes over both would fall in two that touch.
        }
        TreePMap<Long, Long> left = ranges;
        Map.Entry<Long, Long> range = left.floorEntry(last);
        while (range != null && range.getValue() >= first) {
            long from = range.getKey();
            long to = range.getValue();
            left = left.minus(from);
            if (to > last) {
                left = left.plus(last + 1, to);
            }
            if (from < first) {
                left = left.plus(from, first - 1);
            }
            range = left.floorEntry(Math.min(last, from - 1));
        }
        return left == ranges ? this : new IdRanges(left);
    }

    IdRanges plus(IdRanges other) {
        IdRanges all = size() < other.size() ? other : this;
        for (IdRange range : all == this ? other : this) {
            all = all.plus(range.first(), range.last());
        }
        return all;
    }

    IdRanges minus(IdRanges other) {
        if (other.size() <= size()) {
            IdRanges left = this;
            for (IdRange range : other) {
                left = left.minus(range.first(), range.last());
            }
            return left;
        }
        IdRanges left = this;
        for (IdRange own : this) {
            for (IdRange range : other.within(own.first(), own.last())) {
                left = left.minus(range.first(), range.last());
            }
        }
        return left;
    }

    /** The ids of both. */
    IdRanges and(IdRanges other) {
        return minus(minus(other));
    }

    /** The ids up to one, itself in it. */
    IdRanges upTo(long id) {
        return within(0, id);
    }

    /** The ids after one. */
    IdRanges after(long id) {
        return id == Long.MAX_VALUE ? NONE : within(id + 1, Long.MAX_VALUE);
    }

    private IdRanges within(long first, long last) {
        TreePMap<Long, Long> found = ranges.subMap(first, true, last, true);
        Map.Entry<Long, Long> before = ranges.lowerEntry(first);
        if (before != null && before.getValue() >= first) {
            found = found.plus(first, before.getValue());
        }
        Map.Entry<Long, Long> end = found.floorEntry(last);
        if (end != null && end.getValue() > last) {
            found = found.plus(end.getKey(), last);
        }
        return new IdRanges(found);
    }

    /** In order. */
    @Override
    public Iterator<IdRange> iterator() {
        Iterator<Map.Entry<Long, Long>> entries = ranges.entrySet().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public IdRange next() {
                return range(Objects.requireNonNull(entries.next()));
            }
        };
    }

    private static IdRange range(Map.Entry<Long, Long> entry) {
        return new IdRange(entry.getKey(), entry.getValue());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IdRanges ids && ranges.equals(ids.ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    @Override
    public String toString() {
        return ranges.toString();
    }
}
