package dev.postfeed.web;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Lets the threads of Reactor's timeouts sleep. Each statement has some (to get a connection, to test it, to have its
 * answer), seconds long and cancelled after a millisecond. The one that is next to expire wakes its thread, which looks at
 * it and sleeps again: two changes of threads for each. With a tick that comes before them all, none is ever the next.
 */
@Component
final class TimeoutThreads implements DisposableBean {

    /** Shorter than the timeouts of statements. */
    private static final long TICK_SECONDS = 1;

    private final List<Disposable> ticks;

    TimeoutThreads() {
        this(Schedulers.parallel(), Schedulers.DEFAULT_POOL_SIZE);
    }

    TimeoutThreads(Scheduler timeouts, int threads) {
        this.ticks = IntStream.range(0, threads)
                .mapToObj(thread -> tick(timeouts.createWorker())) // Of each thread in turn.
                .toList();
    }

    private static Disposable tick(Scheduler.Worker thread) {
        Disposable ignored = thread.schedulePeriodically(() -> {}, TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
        return thread;
    }

    @Override
    public void destroy() {
        ticks.forEach(Disposable::dispose);
    }
}
