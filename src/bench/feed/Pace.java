import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Posts at a steady rate. The times are absolute: a slow answer moves no later post, and a post that could not be sent
 * in time is measured from when it was due, so that no wait is left out ("coordinated omission").
 */
final class Pace {

    private static final long LATE_NANOS = 5_000_000;

    private final int count;
    private final long first;
    private final long intervalNanos;
    private final long[] acknowledged;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger late = new AtomicInteger();
    private long start;

    /** @param first the number of the first post */
    Pace(long first, double perSecond, double seconds) {
        this.first = first;
        this.intervalNanos = Math.round(1e9 / perSecond);
        this.count = (int) Math.round(perSecond * seconds);
        this.acknowledged = new long[count];
    }

    /** Posts all; returns when the last one has been acknowledged. Each poster has a thread, and takes what is next. */
    Pace run(List<? extends Poster> posters) throws IOException, InterruptedException {
        start = System.nanoTime() + 20_000_000;
        ExecutorService threads = Executors.newFixedThreadPool(posters.size());
        try {
            List<Future<?>> ends = new ArrayList<>();
            posters.forEach(poster -> ends.add(threads.submit(() -> {
                work(poster);
                return null;
            })));
            for (Future<?> end : ends) {
                end.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("Posting failed", e.getCause());
        } finally {
            threads.shutdownNow();
        }
        return this;
    }

    private void work(Poster poster) throws IOException {
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            long due = due(first + i);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                LockSupport.parkNanos(wait);
            }
            if (System.nanoTime() - due > LATE_NANOS) {
                late.incrementAndGet();
            }
            poster.post(first + i);
            acknowledged[i] = System.nanoTime();
        }
    }

    long first() {
        return first;
    }

    /** The number after the last one. */
    long end() {
        return first + count;
    }

    /** When this post was to be sent, by {@link System#nanoTime()}. */
    long due(long number) {
        return start + (number - first) * intervalNanos;
    }

    /** When its acknowledgement had been read. */
    long acknowledged(long number) {
        return acknowledged[(int) (number - first)];
    }

    /** From when a post was to be sent to its acknowledgement. */
    Samples inserts() {
        Samples samples = new Samples();
        for (long number = first; number < end(); number++) {
            samples.add(acknowledged(number) - due(number));
        }
        return samples;
    }

    /** How many were sent more than 5 ms after they were due. */
    int late() {
        return late.get();
    }
}
