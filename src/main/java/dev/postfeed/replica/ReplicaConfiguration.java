package dev.postfeed.replica;

import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** What reads from the replica, where one is named: without it there is nothing of all this. */
@Configuration(proxyBeanMethods = false)
@Conditional(ReplicaNamed.class)
class ReplicaConfiguration {

    /** Between two questions to the primary, of all changes that end meanwhile. */
    private static final Duration REST = Duration.ofMillis(1);

    /** Between two questions to the replica while somebody waits for it. */
    private static final Duration POLL = Duration.ofMillis(2);

    @Bean
    SharedAnswer<WalEnds> walEnds(@Qualifier("primaryWatchConnections") ConnectionFactory primary) {
        return new SharedAnswer<>(primary, WalEnds::ask, REST);
    }

    @Bean
    SharedAnswer<WalPosition> replayedPosition(@Qualifier("replicaWatchConnections") ConnectionFactory replica) {
        return new SharedAnswer<>(replica, Replayed::ask, POLL);
    }

    @Bean
    ReplicaWatch replicaWatch(
            SharedAnswer<WalEnds> primary, SharedAnswer<WalPosition> replica, ReplicaProperties properties) {
        return new ReplicaWatch(primary, replica, properties);
    }

    @Bean
    ReplicaReads replicaReads(
            @Qualifier("replicaPool") ConnectionPool connections,
            ReplicaWatch watch,
            SharedAnswer<WalEnds> primary,
            MeterRegistry registry) {
        return new ReplicaReads(connections, watch, primary, new ReplicaMetrics(registry, watch));
    }

    @Bean
    PositionFilter positionFilter(SharedAnswer<WalEnds> primary) {
        return new PositionFilter(primary);
    }
}
