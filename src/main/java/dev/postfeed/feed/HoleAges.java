package dev.postfeed.feed;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** For how long a hole has been known, to about a second: what it keeps does not grow with the holes. */
final class HoleAges {

    private static final long GRAIN = Duration.ofSeconds(1).toNanos();

    /** Up to which id everything was read by a time. */
    private record Mark(long settled, long nanoTime) {}

    private final Deque<Mark> marks = new ArrayDeque<>();

    /**
     * After a pass.
     *
     * @param settled up to where all is known
     * @param lowestHole the first open one, or null
     * @return when it was first seen, or {@code now} where there is none
     */
    long since(long settled, @Nullable Long lowestHole, long now) {
        if (lowestHole == null) {
            marks.clear();
            return now;
        }
        Mark last = marks.peekLast();
        if (last == null || now - last.nanoTime() >= GRAIN || marks.size() == 1) {
            marks.addLast(new Mark(settled, now));
        }
        while (marks.size() > 1 && marks.getFirst().settled() < lowestHole) {
            marks.removeFirst();
        }
        return marks.getFirst().nanoTime();
    }
}
