package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.Scannable.Attr;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** With ticks timeouts do what they did, and wake nobody before they expire. On threads of their own, with no other work. */
class TimeoutThreadsTests {

    private static final String NAME = "ticked";
    private static final int TIMEOUTS = 300;

    private final Scheduler scheduler = Schedulers.newParallel(NAME, 1);
    private long thread;

    @BeforeEach
    void awaitThread() {
        CompletableFuture<Long> id = new CompletableFuture<>();
        Disposable ignored =
                scheduler.schedule(() -> id.complete(Thread.currentThread().getId()));
        thread = id.join();
    }

    @AfterEach
    void dispose() {
        scheduler.dispose();
    }

    @Test
    void statementsThatAreInTimeWakeNoThread() throws InterruptedException {
        TimeoutThreads ticks = new TimeoutThreads(scheduler, 1);
        awaitRest();
        long begun = System.nanoTime();
        long before = wakes();
        for (int i = 0; i < TIMEOUTS; i++) {
            inTime();
        }
        long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
        assertThat(wakes() - before).as("one a tick").isLessThanOrEqualTo(2 * (seconds + 1));
        ticks.destroy();
    }

    /** What the ticks are for; otherwise the test above would hold without them. */
    @Test
    void withoutTicksEachWakesOne() throws InterruptedException {
        for (int i = 0; i < 30; i++) {
            long before = wakes();
            inTime();
            Await.until(() -> wakes() > before);
        }
    }

    /** As a statement is that takes a millisecond of its seconds. */
    private void inTime() throws InterruptedException {
        Disposable statement = timeout(Duration.ofSeconds(5)).subscribe();
        Thread.sleep(1);
        statement.dispose();
    }

    @Test
    void aTimeoutFiresWhenItIsDueAndNotAtATick() {
        TimeoutThreads ticks = new TimeoutThreads(scheduler, 1);
        for (long millis : List.of(0L, 50L, 300L, 1200L)) {
            Duration took = StepVerifier.create(timeout(Duration.ofMillis(millis)))
                    .expectError(TimeoutException.class)
                    .verify(Duration.ofSeconds(10));
            // A tick is a second.
            assertThat(took.toMillis()).isBetween(millis, millis + 700);
        }
        ticks.destroy();
    }

    @Test
    void whatIsCancelledIsDroppedAndNoThreadIsAdded() throws InterruptedException {
        TimeoutThreads ticks = new TimeoutThreads(scheduler, 1);
        List<Disposable> statements = IntStream.range(0, TIMEOUTS)
                .mapToObj(i -> timeout(Duration.ofMinutes(1)).subscribe())
                .toList();
        awaitScheduled(TIMEOUTS + 1L);
        statements.forEach(Disposable::dispose);
        awaitScheduled(1); // The tick.
        // Those of the tests before may still be ending.
        Await.until(() -> Thread.getAllStackTraces().keySet().stream()
                        .filter(one -> one.getName().startsWith(NAME))
                        .count()
                == 1);
        ticks.destroy();
        awaitScheduled(0);
    }

    @Test
    void eachThreadHasATick() throws InterruptedException {
        Scheduler threads = Schedulers.newParallel(NAME, 4);
        TimeoutThreads ticks = new TimeoutThreads(threads, 4);
        // A thread that has not begun counts as a task.
        Await.until(() -> Scannable.from(threads)
                .inners()
                .map(one -> one.scan(Attr.BUFFERED))
                .toList()
                .equals(List.of(1, 1, 1, 1)));
        ticks.destroy();
        threads.dispose();
    }

    private Mono<Object> timeout(Duration time) {
        return Mono.never().timeout(time, scheduler);
    }

    /** A task that has just ended counts for a moment. */
    private void awaitScheduled(long tasks) throws InterruptedException {
        Await.until(() -> scheduled() == tasks);
    }

    /** Tasks that are in the scheduler's queues. */
    private long scheduled() {
        return Scannable.from(scheduler)
                .inners()
                .mapToLong(one -> Objects.requireNonNull(one.scan(Attr.BUFFERED)))
                .sum();
    }

    /** How often the thread went to sleep. */
    private long wakes() {
        return ManagementFactory.getThreadMXBean().getThreadInfo(thread).getWaitedCount();
    }

    /** The thread may be about to sleep still. */
    private void awaitRest() throws InterruptedException {
        long[] last = {-1};
        Await.until(() -> {
            long now = wakes();
            boolean same = now == last[0];
            last[0] = now;
            return same;
        });
    }
}
