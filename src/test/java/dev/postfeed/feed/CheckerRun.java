package dev.postfeed.feed;

import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What the threads of a run of the checker share. */
final class CheckerRun {

    private enum Phase {
        WRITING,
        QUIET,
        OVER
    }

    private static final int MOST_VIOLATIONS = 20;

    private final FeedCluster cluster;
    private final WriteHistory history;
    private final long begun = System.nanoTime();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicInteger violationCount = new AtomicInteger();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private volatile Phase phase = Phase.WRITING;
    private volatile boolean held;

    CheckerRun(FeedCluster cluster, WriteHistory history) {
        this.cluster = cluster;
        this.history = history;
    }

    FeedCluster cluster() {
        return cluster;
    }

    WriteHistory history() {
        return history;
    }

    /** Whether there is more to write. */
    boolean writing() {
        return phase == Phase.WRITING;
    }

    void stopWriting() {
        phase = Phase.QUIET;
    }

    /** Whether nobody writes nor breaks anything any more, so that every subscriber gets the rest. */
    boolean quiet() {
        return phase != Phase.WRITING;
    }

    void end() {
        phase = Phase.OVER;
    }

    boolean over() {
        return phase == Phase.OVER;
    }

    /** Lets writers begin nothing until {@link #go}. */
    void hold() {
        held = true;
    }

    void go() {
        held = false;
    }

    /** Waits for a random time, and while writers are held; whether to write on. */
    boolean pause(Random random, int mostMillis) throws InterruptedException {
        Thread.sleep(random.nextInt(mostMillis + 1));
        while (held && writing()) {
            Thread.sleep(5);
        }
        return writing();
    }

    /** Notes what is wrong; the first few say enough. */
    void violation(String what) {
        if (violationCount.incrementAndGet() <= MOST_VIOLATIONS) {
            violations.add(now() + " " + what);
        }
    }

    int violationCount() {
        return violationCount.get();
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    /** Notes what was done to the service. */
    void fault(String what) {
        faults.add(now() + " " + what);
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    String now() {
        return at(System.nanoTime());
    }

    /** A time as seconds since the start. */
    String at(long nanos) {
        if (nanos == Long.MAX_VALUE || nanos == Long.MIN_VALUE) {
            return "never";
        }
        return "%.3fs".formatted((nanos - begun) / 1e9);
    }
}
