package dev.postfeed.replica;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Where the primary was at some times, and which of these places the replica has come by: how old what it has is at most, by
 * one clock. Nothing is known at first. No I/O; from any thread.
 */
final class Samples {

    /** Of a replica that is far behind the oldest are kept, and the newest. */
    private static final int MOST = 64;

    /** @param bookmark what could be said then of all that could be seen */
    private record Sample(long time, WalEnds ends, @Nullable String bookmark) {}

    private final Deque<Sample> ahead = new ArrayDeque<>();
    private @Nullable WalPosition last;
    private boolean known;
    private long recent;
    private @Nullable Long missing;
    private @Nullable String bookmark;

    /**
     * Adds one.
     *
     * @param time before the primary was asked, as {@link System#nanoTime} counts
     * @param bookmarkThen taken before the primary was asked
     */
    synchronized void add(long time, WalEnds ends, @Nullable String bookmarkThen) {
        if (last != null && !last.isOfOnePast(ends.visible())) {
            clear(); // What was sampled before may never be reached: the replica may have gone another way.
        }
        last = ends.visible();
        if (ahead.size() == MOST) {
            ahead.removeLast();
        }
        ahead.addLast(new Sample(time, ends, bookmarkThen));
    }

    /** The replica has come to a position. */
    synchronized void reach(WalPosition replayed) {
        missing = null;
        for (Sample sample : ahead) {
            if (!sample.ends().acknowledged().isReachedBy(replayed)) {
                missing = sample.time();
                break;
            }
            known = true;
            recent = sample.time();
        }
        while (!ahead.isEmpty() && ahead.getFirst().ends().visible().isReachedBy(replayed)) {
            Sample reached = ahead.removeFirst();
            bookmark = reached.bookmark() == null ? bookmark : reached.bookmark();
        }
    }

    /** Nothing is known any more. */
    synchronized void clear() {
        ahead.clear();
        known = false;
        missing = null;
        bookmark = null;
    }

    /** Nanoseconds: what was acknowledged longer ago than this the replica has; negative where nothing is known. */
    synchronized long age(long now) {
        return known ? now - recent : -1;
    }

    /** Nanoseconds since something was acknowledged that the replica, when it was last looked at, did not have; 0 for nothing. */
    synchronized long behind(long now) {
        return missing == null ? 0 : now - missing;
    }

    /** The newest of which all that could be seen then is on the replica. */
    synchronized @Nullable String bookmark() {
        return bookmark;
    }
}
