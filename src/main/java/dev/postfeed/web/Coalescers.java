package dev.postfeed.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.PoolMetrics;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Makes {@link Coalescer}s on the pool, with its limits. */
@Component
public class Coalescers {

    /** The pool's key for connections that need not be tested before they are lent. */
    private static final String UNTESTED = "postfeed.untested";

    /** Rows in a statement, each of which may have a mebibyte: those of some connections; or pages of lists. */
    static final int MOST_READ = 16;

    static final int MOST_WRITTEN = 128;
    private static final int MOST_BYTES = 1024 * 1024;

    /** Longer than the server lets a statement run. */
    static final Duration SILENCE = Duration.ofSeconds(32);

    /** Of what takes no time: it is asked again of a connection that has been tested. */
    private static final Duration SHORT_SILENCE = Duration.ofSeconds(5);

    private final ConnectionPool pool;
    private final Duration patience;
    private final int waiting;
    private final CoalescerMetrics metrics;
    private final RequestLoops loops;

    /** What comes before a statement; null for nothing. */
    private final @Nullable Function<Connection, Mono<Void>> before;

    /** As many may wait as could without this: on connections of their own, and for one. */
    @Autowired
    Coalescers(
            ConnectionPool pool,
            @Qualifier("poolTimeout") Duration patience,
            MeterRegistry registry,
            RequestLoops loops) {
        this(pool, patience, new CoalescerMetrics(registry), loops, null);
    }

    private Coalescers(
            ConnectionPool pool,
            Duration patience,
            CoalescerMetrics metrics,
            RequestLoops loops,
            @Nullable Function<Connection, Mono<Void>> before) {
        PoolMetrics limits = pool.getMetrics().orElseThrow();
        this.pool = pool;
        this.patience = patience;
        this.metrics = metrics;
        this.loops = loops;
        this.before = before;
        this.waiting = limits.getMaxAllocatedSize() + Math.max(0, limits.getMaxPendingAcquireSize());
    }

    /** The same of reads of the replica. */
    Coalescers on(Replica replica) {
        return new Coalescers(replica.connections(), patience, metrics, loops, replica::current);
    }

    /** Of what must not be done twice. */
    <Q, A> Coalescer<Q, A> writes(Coalescer.Together<Q, A> together, ToIntFunction<Q> weight) {
        return new Coalescer<>(
                pool.create(),
                together,
                weight,
                new CoalescerLimits(MOST_WRITTEN, MOST_BYTES, waiting, patience, SILENCE),
                metrics,
                loops,
                () -> {});
    }

    /** Of reads that take no time. */
    <Q, A> Coalescer<Q, A> reads(Coalescer.Together<Q, A> together) {
        return reads(together, SHORT_SILENCE, () -> {});
    }

    /**
     * Of reads that may take as long as a statement may.
     *
     * @param idle runs when nobody waits any more and nothing is under way
     */
    <Q, A> Coalescer<Q, A> longReads(Coalescer.Together<Q, A> together, Runnable idle) {
        return reads(together, SILENCE, idle);
    }

    /** A connection that is not tested when it was just in use. */
    static Mono<? extends Connection> untested(ConnectionPool pool) {
        return pool.create().contextWrite(context -> context.put(UNTESTED, true));
    }

    /** On a connection that need not be tested first: to be asked again of the next where it turns out to be lost. */
    private <Q, A> Coalescer<Q, A> reads(Coalescer.Together<Q, A> together, Duration silence, Runnable idle) {
        return new Coalescer<>(untested(pool), prepared(together), q -> 0, limits(silence), metrics, loops, idle);
    }

    /** The same on connections that have been tested. */
    <Q, A> Coalescer<Q, A> readsAgain(Coalescer.Together<Q, A> together) {
        return new Coalescer<>(pool.create(), prepared(together), q -> 0, limits(SILENCE), metrics, loops, () -> {});
    }

    private <Q, A> Coalescer.Together<Q, A> prepared(Coalescer.Together<Q, A> together) {
        return before == null
                ? together
                : (connection, requests) ->
                        before.apply(connection).then(Mono.defer(() -> together.run(connection, requests)));
    }

    private CoalescerLimits limits(Duration silence) {
        return new CoalescerLimits(MOST_READ, Integer.MAX_VALUE, waiting, patience, silence);
    }
}
