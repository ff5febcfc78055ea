package dev.postfeed.feed;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One connection of a subscriber. Written by its thread; read by others once that has ended. */
final class Visit {

    private final Place start;
    private final int node;
    private final long asked = System.nanoTime();
    private final Set<Long> repeated = new HashSet<>();
    private BitSet seen = new BitSet();
    private long[] ids = new long[16];
    private int size;
    private long caughtUp = Long.MAX_VALUE;
    private long ended = Long.MAX_VALUE;
    private @Nullable String position;
    private String end = "";

    Visit(Place start, int node) {
        // What is known is of no use later, and takes much room.
        this.start =
                new Place(start.position(), new BitSet(), start.since(), start.exact(), start.visit(), start.size());
        this.node = node;
    }

    /** Notes a post, and whether it was known before; whether it is the first time on this connection. */
    boolean add(long id, boolean known) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
        }
        ids[size++] = id;
        if (known) {
            repeated.add(id);
        }
        boolean first = !seen.get((int) id);
        seen.set((int) id);
        return first;
    }

    /** Notes the position after what came so far. */
    void position(String now) {
        position = now;
    }

    /** Notes the end of the replay; whether it is the first. */
    boolean caughtUp() {
        boolean first = caughtUp == Long.MAX_VALUE;
        caughtUp = System.nanoTime();
        return first;
    }

    void end(String why) {
        end = why;
        ended = System.nanoTime();
        seen = new BitSet();
    }

    @Nullable
    String position() {
        return position;
    }

    boolean isCaughtUp() {
        return caughtUp != Long.MAX_VALUE;
    }

    Place start() {
        return start;
    }

    int size() {
        return size;
    }

    long id(int index) {
        return ids[index];
    }

    int node() {
        return node;
    }

    /** Whether a post had come on an earlier connection already. */
    boolean isRepeated(long id) {
        return repeated.contains(id);
    }

    int repeats() {
        return repeated.size();
    }

    /** Whether all of it was on the first timeline of the database. */
    boolean isBeforeFailover() {
        return Place.timeline(position == null ? start.position() : position) == 1;
    }

    /** When it was asked for, {@link System#nanoTime}. */
    long asked() {
        return asked;
    }

    /** For people. */
    String describe(CheckerRun run) {
        return "node %d from %s at %s, caught up at %s, %d posts%s, then at %s, ended at %s: %s"
                .formatted(
                        node,
                        start.position(),
                        run.at(asked),
                        run.at(caughtUp),
                        size,
                        size == 0 ? "" : " " + ids[0] + "…" + ids[size - 1],
                        position,
                        run.at(ended),
                        end);
    }
}
