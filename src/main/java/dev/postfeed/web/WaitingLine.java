package dev.postfeed.web;

import io.r2dbc.spi.R2dbcTransientResourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/**
 * Those who wait at a {@link Coalescer}, in the order in which they came; so many, and each for so long, as its limits
 * say. One timer is for all of them, and there is none where nobody has to wait.
 */
final class WaitingLine<Q, A> {

    private final CoalescerLimits limits;
    private final CoalescerMetrics metrics;
    private final Queue<Waiter<Q, A>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger length = new AtomicInteger();

    private volatile boolean watched;
    private @Nullable Disposable timer;

    /** Which timer that is. */
    private int timers;

    WaitingLine(CoalescerLimits limits, CoalescerMetrics metrics) {
        this.limits = limits;
        this.metrics = metrics;
    }

    /** Whether there was a place left; who finds none is told. */
    boolean add(Waiter<Q, A> waiter) {
        if (length.incrementAndGet() > limits.waiting()) {
            length.decrementAndGet();
            metrics.refused();
            waiter.sink.error(noConnection(limits.waiting() + " requests are waiting already"));
            return false;
        }
        metrics.came();
        waiting.add(waiter);
        return true;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Whether it was waiting until now. */
    boolean leave(Waiter<Q, A> waiter) {
        boolean left = waiting.remove(waiter);
        if (left) {
            left();
        }
        return left;
    }

    private void left() {
        length.decrementAndGet();
        metrics.left();
    }

    /** The first ones, as many as go together. */
    List<Waiter<Q, A>> take(ToIntFunction<Q> weight) {
        List<Waiter<Q, A>> taken = new ArrayList<>();
        long sum = 0;
        for (Waiter<Q, A> next = waiting.peek();
                next != null && taken.size() < limits.together();
                next = waiting.peek()) {
            int more = weight.applyAsInt(next.request);
            if (!taken.isEmpty() && sum + more > limits.weight()) {
                break;
            }
            if (leave(next)) {
                sum += more;
                taken.add(next);
            }
        }
        return taken;
    }

    List<Waiter<Q, A>> takeAll() {
        List<Waiter<Q, A>> taken = new ArrayList<>();
        for (Waiter<Q, A> next = waiting.poll(); next != null; next = waiting.poll()) {
            left();
            taken.add(next);
        }
        return taken;
    }

    /** To be called when somebody who came was not taken at once. */
    void watch() {
        if (!watched && !waiting.isEmpty()) {
            setTimer();
        }
    }

    /** To be called when nobody is left: what has a timer is kept by it. */
    void unwatch() {
        if (watched) {
            clearTimer();
            watch(); // Somebody may have come, and left it to this.
        }
    }

    private synchronized void setTimer() {
        Waiter<Q, A> first = waiting.peek();
        if (timer == null && first != null) {
            watched = true;
            int mine = ++timers;
            timer = Schedulers.parallel()
                    .schedule(() -> expire(mine), Math.max(0, first.end - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void clearTimer() {
        if (timer != null && waiting.isEmpty()) {
            timer.dispose();
            timer = null;
            watched = false;
        }
    }

    private synchronized void timerRang(int which) {
        if (timers == which) {
            timer = null;
            watched = false;
        }
    }

    private void expire(int which) {
        long now = System.nanoTime();
        for (Waiter<Q, A> first = waiting.peek(); first != null && first.end - now <= 0; first = waiting.peek()) {
            if (leave(first)) {
                metrics.timedOut();
                first.fail(noConnection("no connection, or no place in a statement, within POSTFEED_POOL_TIMEOUT="
                        + limits.patience().toMillis() + "ms"));
            }
        }
        timerRang(which);
        watch();
    }

    private static R2dbcTransientResourceException noConnection(String reason) {
        return new R2dbcTransientResourceException(reason, "53300");
    }
}
