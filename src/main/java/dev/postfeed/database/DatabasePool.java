package dev.postfeed.database;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTransientResourceException;
import io.r2dbc.spi.ValidationDepth;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.pool.PoolAcquirePendingLimitException;
import reactor.util.retry.Retry;

/**
 * r2dbc-pool with the meaning of SQLAlchemy's pool settings. What it adds, because the library has no option for it:
 *
 * <ul>
 *   <li>the timeout is over the whole wait, the replacement of dead connections included (the library's own is over
 *       each try, so that its retries multiply it);
 *   <li>only the overflow is closed when idle (the library's {@code maxIdleTime} ignores {@code minIdle}, #224);
 *   <li>the life time has jitter, so that connections that were opened together do not end together;
 *   <li>a connection on which the server owes an answer for too long is closed ({@link SilenceWatch});
 *   <li>none is lent that was opened before the server became read-only, or another one the primary ({@link ConnectionEra});
 *   <li>failures carry a SQLSTATE, as every other failure of the database does: 53300 when there is no connection
 *       to be had in time, the server's own or 08001 when it cannot be reached.
 * </ul>
 */
final class DatabasePool extends ConnectionPool {

    /** How long a connection beyond {@code size} may be idle before it is closed. */
    static final Duration OVERFLOW_IDLE = Duration.ofSeconds(10);

    /** A connection that does not answer a test within this time is thrown away. */
    private static final Duration MAX_VALIDATION_TIME = Duration.ofSeconds(2);

    private final PoolProperties properties;
    private final Counter timeouts;
    private final Counter refusals;
    private final SilenceWatch watch;

    private DatabasePool(
            ConnectionPoolConfiguration configuration,
            PoolProperties properties,
            SilenceWatch watch,
            MeterRegistry registry) {
        super(configuration);
        this.properties = properties;
        this.watch = watch;
        timeouts = refused(registry, "timeout");
        refusals = refused(registry, "full");
    }

    private static Counter refused(MeterRegistry registry, String reason) {
        return Counter.builder("postfeed.pool.refusals")
                .tag("reason", reason)
                .description(
                        "Times that there was no connection within POSTFEED_POOL_TIMEOUT (timeout), or too many waited for"
                                + " one already (full)")
                .register(registry);
    }

    /** @param connections opens {@link DatedConnection}s */
    static DatabasePool create(
            ConnectionFactory connections,
            PoolProperties properties,
            Duration maxLoginTime,
            Duration overflowIdle,
            ConnectionEras eras,
            MeterRegistry registry) {
        EvictionRule eviction = new EvictionRule(properties, overflowIdle);
        SilenceWatch watch = new SilenceWatch();
        ConnectionPoolConfiguration configuration = ConnectionPoolConfiguration.builder(
                        new Opening(connections, watch, eras))
                .name("postfeed")
                .initialSize(0)
                .maxSize(properties.maxSize())
                // A server that takes the connection and then says nothing would keep a place in the pool for ever.
                .maxCreateConnectionTime(maxLoginTime)
                .backgroundEvictionInterval(Duration.ofMillis(Math.min(1000, overflowIdle.toMillis())))
                .validationDepth(properties.prePing() ? ValidationDepth.REMOTE : ValidationDepth.LOCAL)
                .maxValidationTime(MAX_VALIDATION_TIME)
                .preRelease(DatabasePool::reset)
                .acquireRetry(0)
                .customizer(
                        pool -> pool.maxPendingAcquire(properties.maxWaiting()).evictionPredicate(eviction))
                .build();
        DatabasePool pool = new DatabasePool(configuration, properties, watch, registry);
        pool.getMetrics().ifPresent(eviction::watch);
        return pool;
    }

    /** Nobody hands an open transaction on to the next borrower ({@code reset_on_return}). */
    private static Publisher<Void> reset(Connection connection) {
        if (connection instanceof LendableConnection used) {
            used.givenBack();
        }
        return connection.isAutoCommit() ? Mono.empty() : connection.rollbackTransaction();
    }

    @Override
    public Mono<Connection> create() {
        return new Lending(super.create())
                .onErrorMap(TimeoutException.class, UnreachableException::new)
                .retryWhen(Retry.max(properties.maxSize()).filter(DatabasePool::isDeadConnection))
                .onErrorMap(
                        PoolAcquirePendingLimitException.class,
                        e -> noConnection(
                                refusals,
                                "POSTFEED_POOL_MAX_WAITING=" + properties.maxWaiting()
                                        + " requests are waiting already",
                                e))
                .timeout(properties.timeout())
                .onErrorMap(
                        TimeoutException.class,
                        e -> noConnection(
                                timeouts,
                                "no connection within POSTFEED_POOL_TIMEOUT="
                                        + properties.timeout().toMillis() + "ms",
                                e));
    }

    private static R2dbcException noConnection(Counter counter, String reason, Throwable cause) {
        counter.increment();
        return new R2dbcTransientResourceException(reason, "53300", cause);
    }

    @Override
    public Mono<Void> disposeLater() {
        return super.disposeLater().doFinally(end -> watch.dispose());
    }

    /** A connection that failed its test is gone: take another; at most all of the pool can be dead. */
    private static boolean isDeadConnection(Throwable failure) {
        return (failure instanceof R2dbcException || failure instanceof IOException)
                && !(failure instanceof UnreachableException);
    }

    /** Tells a server that cannot be reached from a pooled connection that died; spares tests of those just used. */
    private record Opening(ConnectionFactory delegate, SilenceWatch watch, ConnectionEras eras)
            implements ConnectionFactory {

        @Override
        public Publisher<? extends Connection> create() {
            return Mono.<Connection>from(delegate.create())
                    .cast(DatedConnection.class)
                    .<Connection>map(opened -> new LendableConnection(opened, watch, eras))
                    .onErrorMap(R2dbcException.class, UnreachableException::new);
        }

        @Override
        public ConnectionFactoryMetadata getMetadata() {
            return delegate.getMetadata();
        }
    }

    private static final class UnreachableException extends R2dbcNonTransientResourceException {

        UnreachableException(R2dbcException cause) {
            super(
                    "the database cannot be reached: " + cause.getMessage(),
                    cause.getSqlState() == null ? "08001" : cause.getSqlState(),
                    cause);
        }

        UnreachableException(TimeoutException cause) {
            super("the database takes connections and does not answer", "08001", cause);
        }
    }
}
