package dev.postfeed.feed;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** For how long a hole has been known, to about a second, and less exactly as it grows old: what it keeps is bounded. */
final class HoleAges {

    private static final int MOST_MARKS = 1024;

    private long grain = Duration.ofSeconds(1).toNanos();

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
            grain = Duration.ofSeconds(1).toNanos();
            return now;
        }
        Mark last = marks.peekLast();
        if (last == null || now - last.nanoTime() >= grain || marks.size() == 1) {
            marks.addLast(new Mark(settled, now));
        }
        if (marks.size() > MOST_MARKS) {
            // Of an age of many minutes a few seconds do not matter.
            AtomicInteger place = new AtomicInteger();
            marks.removeIf(mark -> place.getAndIncrement() % 2 == 1);
            grain *= 2;
        }
        while (marks.size() > 1 && marks.getFirst().settled() < lowestHole) {
            marks.removeFirst();
        }
        return marks.getFirst().nanoTime();
    }
}
