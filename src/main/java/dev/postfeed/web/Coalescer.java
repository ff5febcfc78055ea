package dev.postfeed.web;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcTransientResourceException;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Small requests of one kind that come while a statement is under way go out together in the next one: the busier, the
 * cheaper. There is no timer, and no wait when idle: a request that finds one of the {@value #MOST_STATEMENTS} places of a
 * statement free goes at once.
 *
 * <p>Requests are taken in the order in which they came, and only when there is a connection for them, so that those that
 * come while one is waited for go along. Each gets an outcome of its own, what a statement has found on the
 * event loop that it came on; one that is cancelled before it is taken drops out.
 *
 * @param <Q> a request
 * @param <A> an answer
 */
final class Coalescer<Q, A> {

    /** At once: one that PostgreSQL works on, and one whose requests or answers are on their way. */
    static final int MOST_STATEMENTS = 2;

    /** A connection that does not even end within this time is left to the kernel. */
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    /** Does what some requests ask for. Gives each, in their order, what became of it. */
    interface Together<Q, A> {
        Mono<List<Mono<A>>> run(Connection connection, List<Q> requests);
    }

    private final Mono<? extends Connection> connections;
    private final Together<Q, A> together;
    private final ToIntFunction<Q> weight;
    private final CoalescerLimits limits;
    private final RequestLoops loops;
    private final Runnable idle;

    private final WaitingLine<Q, A> waiting;
    private final AtomicInteger statements = new AtomicInteger();

    /** Whether a connection is being waited for: whoever comes meanwhile goes with it. */
    private final AtomicBoolean asking = new AtomicBoolean();

    /** @param idle runs when nobody waits any more and nothing is under way */
    Coalescer(
            Mono<? extends Connection> connections,
            Together<Q, A> together,
            ToIntFunction<Q> weight,
            CoalescerLimits limits,
            CoalescerMetrics metrics,
            RequestLoops loops,
            Runnable idle) {
        this.connections = connections;
        this.together = together;
        this.weight = weight;
        this.limits = limits;
        this.loops = loops;
        this.waiting = new WaitingLine<>(limits, metrics);
        this.idle = idle;
    }

    /** What becomes of a request, once this is subscribed to. */
    Mono<A> submit(Q request) {
        return Mono.<Mono<A>>create(sink -> add(new Waiter<>(request, sink, loops.current(), limits.patience())))
                .flatMap(Function.identity());
    }

    private void add(Waiter<Q, A> waiter) {
        if (!waiting.add(waiter)) {
            return;
        }
        waiter.sink.onCancel(() -> {
            if (!waiting.leave(waiter)) {
                waiter.abandon();
            }
            rest();
        });
        start();
        waiting.watch();
    }

    /** Asks for a connection where there is a place for a statement, and somebody waits, and nobody asks. */
    private void start() {
        while (!waiting.isEmpty() && statements.get() < MOST_STATEMENTS && asking.compareAndSet(false, true)) {
            if (statements.get() < MOST_STATEMENTS) {
                statements.incrementAndGet(); // Nobody else does: nobody else asks.
                run();
                return;
            }
            asking.set(false); // Looked at again: somebody may have looked meanwhile, and left it to this.
        }
    }

    private void run() {
        Mono.usingWhen(connections, this::serve, Coalescer::giveBack)
                .onErrorResume(failure -> Mono.just(refusal(failure)))
                .defaultIfEmpty(() -> {}) // Nobody was waiting any more.
                // With the connection back: what is done again, each by itself, may need it.
                .subscribe(telling -> {
                    statements.decrementAndGet();
                    start(); // Before they are told: the database has something to do meanwhile.
                    rest();
                    telling.run();
                });
    }

    private void rest() {
        if (statements.get() == 0 && waiting.isEmpty()) {
            waiting.unwatch();
            idle.run();
        }
    }

    private static Publisher<Void> giveBack(Connection connection) {
        return Mono.from(connection.close()).onErrorComplete();
    }

    /** There is no connection for those who are waiting. */
    private Runnable refusal(Throwable failure) {
        List<Waiter<Q, A>> refused = waiting.takeAll();
        asking.set(false);
        return () -> refused.forEach(waiter -> waiter.fail(failure));
    }

    /** Does the work. Gives what is to be told when the connection is back. */
    private Mono<Runnable> serve(Connection connection) {
        List<Waiter<Q, A>> taken = waiting.take(weight);
        asking.set(false);
        if (taken.isEmpty()) {
            return Mono.empty();
        }
        // The next one after this one: they came earlier.
        return Mono.zip(
                execute(connection, taken), Mono.fromRunnable(this::start).thenReturn(true), (told, begun) -> told);
    }

    private Mono<Runnable> execute(Connection connection, List<Waiter<Q, A>> taken) {
        List<Q> requests = new ArrayList<>(taken.size());
        taken.forEach(waiter -> requests.add(waiter.request));
        Abandonment abandonment = new Abandonment(connection, taken.size());
        taken.forEach(waiter -> waiter.taken(abandonment));
        return Mono.defer(() -> together.run(connection, requests))
                .timeout(limits.silence())
                .onErrorResume(TimeoutException.class, e -> cut(connection, e))
                .map(outcomes -> (Runnable) () -> {
                    RequestLoops.Tellings tellings = new RequestLoops.Tellings();
                    for (int i = 0; i < taken.size(); i++) {
                        Waiter<Q, A> waiter = taken.get(i);
                        Mono<A> outcome = outcomes.get(i);
                        tellings.add(waiter.loop, () -> waiter.sink.success(outcome));
                    }
                    tellings.run();
                })
                .onErrorResume(failure -> Mono.just(() -> taken.forEach(waiter -> waiter.fail(failure))))
                .flatMap(told -> abandonment.end().thenReturn(told));
    }

    /** So that nobody else waits for its answer. */
    private static <T> Mono<T> cut(Connection connection, TimeoutException e) {
        return ((Wrapped<?>) connection)
                .unwrap(PostgresqlConnection.class)
                .close()
                .timeout(LONGEST_CLOSE)
                .onErrorComplete()
                .then(Mono.error(() -> new R2dbcTransientResourceException("the database is silent", "08006", e)));
    }
}
