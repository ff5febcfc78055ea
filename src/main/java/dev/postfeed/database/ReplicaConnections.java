package dev.postfeed.database;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import reactor.netty.resources.LoopResources;

/** The ways to the replica, where one is named: a pool like that of the primary, and what asks how far it has come. */
@Configuration(proxyBeanMethods = false)
@Conditional(ReplicaNamed.class)
class ReplicaConnections {

    private static final Logger log = LoggerFactory.getLogger(ReplicaConnections.class);

    static final String SETTING = "postfeed.replica.url";

    private static final String WATCH = "postfeed-replica";

    /** Of questions that take no time. */
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(2);

    private final DatabaseUrl url;

    /** Its connections have eras of their own: it is read-only all the time. */
    private final ConnectionEras eras = new ConnectionEras();

    ReplicaConnections(@Value("${" + SETTING + "}") String url) {
        this.url = DatabaseUrl.parse("POSTFEED_REPLICA_URL", url.strip()).withAnyHost();
        log.info("The replica is at {}", this.url);
    }

    @Bean(defaultCandidate = false)
    DatabaseHosts replicaHosts(ObjectProvider<LoopResources> loops) {
        return new DatabaseHosts(url, DatabaseConfiguration.on(loops), eras);
    }

    /** Who does not get one is a reader of the primary: that is counted there. */
    @Bean(destroyMethod = "dispose", defaultCandidate = false)
    DatabasePool replicaPool(@Qualifier("replicaHosts") DatabaseHosts replica, PoolProperties properties) {
        return DatabasePool.create(
                replica.connections(UnaryOperator.identity()),
                properties,
                replica.longestOpening(),
                DatabasePool.OVERFLOW_IDLE,
                eras,
                new CompositeMeterRegistry());
    }

    @Bean(defaultCandidate = false)
    ConnectionFactory replicaWatchConnections(@Qualifier("replicaHosts") DatabaseHosts replica) {
        return watch(replica);
    }

    @Bean(defaultCandidate = false)
    ConnectionFactory primaryWatchConnections(@Qualifier("directHosts") DatabaseHosts primary) {
        return watch(primary);
    }

    private static ConnectionFactory watch(DatabaseHosts hosts) {
        return new HeapConnection.Factory(
                hosts.connections(driver -> driver.applicationName(WATCH).statementTimeout(STATEMENT_TIMEOUT)));
    }
}
