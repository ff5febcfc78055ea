package dev.postfeed.database;

import io.r2dbc.pool.PoolMetrics;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import reactor.pool.PooledRefMetadata;

/** Which connections the pool closes; it asks about those that nobody uses, and about one that is given back. */
final class EvictionRule implements BiPredicate<Connection, PooledRefMetadata> {

    /** The part of the life time by which one connection may end before another of the same age. */
    private static final double JITTER = 0.2;

    private final PoolProperties properties;
    private final long overflowIdleMillis;
    private volatile @Nullable PoolMetrics metrics;

    EvictionRule(PoolProperties properties, Duration overflowIdle) {
        this.properties = properties;
        this.overflowIdleMillis = overflowIdle.toMillis();
    }

    /** The pool whose size this rule looks at; it is made after the rule. */
    void watch(PoolMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public boolean test(Connection connection, PooledRefMetadata use) {
        return isOfThePast(connection) || isTooOld(connection, use) || isIdleOverflow(use);
    }

    private static boolean isOfThePast(Connection connection) {
        return connection instanceof LendableConnection used && used.isOver();
    }

    private boolean isTooOld(Connection connection, PooledRefMetadata use) {
        if (properties.recycle().isNegative()) {
            return false;
        }
        // The identity is random enough, and the same each time that this connection is asked about.
        double jitter = JITTER * (System.identityHashCode(connection) & 0xFFFF) / 0x10000;
        return use.lifeTime() >= properties.recycle().toMillis() * (1 - jitter);
    }

    /** The pool counts a connection out as soon as this says so: one pass over the idle ones closes no more than the overflow. */
    private boolean isIdleOverflow(PooledRefMetadata use) {
        PoolMetrics pool = metrics;
        return use.idleTime() >= overflowIdleMillis && pool != null && pool.allocatedSize() > properties.size();
    }
}
