package dev.postfeed.database;

import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.function.UnaryOperator;
import liquibase.UpdateSummaryEnum;
import liquibase.integration.spring.SpringLiquibase;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import reactor.netty.resources.LoopResources;

/** The database named by the settings, or the embedded one; the pool on it; the way to it for Liquibase. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    /** Of the feed's reader, for whom all subscribers wait. */
    private static final Duration FEED_STATEMENT_TIMEOUT = Duration.ofSeconds(10);

    @Bean
    @Conditional(NoDatabaseNamed.class)
    EmbeddedDatabase embeddedDatabase(EmbeddedProperties properties) {
        return EmbeddedDatabase.start(properties);
    }

    @Bean
    DatabaseUrl databaseUrl(DatabaseProperties properties, ObjectProvider<EmbeddedDatabase> embedded) {
        EmbeddedDatabase own = embedded.getIfAvailable();
        return own == null ? properties.resolve() : own.url();
    }

    /** Past a pooler: for the feed's reader, which listens, and for Liquibase, whose lock is a session's. */
    @Bean(defaultCandidate = false)
    DatabaseUrl directUrl(DatabaseProperties properties, ObjectProvider<EmbeddedDatabase> embedded) {
        EmbeddedDatabase own = embedded.getIfAvailable();
        return own == null ? properties.direct() : own.url();
    }

    @Bean
    ConnectionEras connectionEras() {
        return new ConnectionEras();
    }

    @Bean
    DatabaseHosts databaseHosts(DatabaseUrl url, ObjectProvider<LoopResources> loops, ConnectionEras eras) {
        return new DatabaseHosts(url, on(loops), eras);
    }

    /** Past a pooler, which sees for itself to where it goes. */
    @Bean(defaultCandidate = false)
    DatabaseHosts directHosts(
            DatabaseUrl url,
            @Qualifier("directUrl") DatabaseUrl direct,
            DatabaseHosts hosts,
            ObjectProvider<LoopResources> loops) {
        return url.pooled() ? new DatabaseHosts(direct, on(loops), new ConnectionEras()) : hosts;
    }

    /** On the event loops of the server: an answer of the database goes on where it came, or on a neighbour that is awake. */
    static UnaryOperator<PostgresqlConnectionConfiguration.Builder> on(ObjectProvider<LoopResources> loops) {
        return driver -> {
            loops.ifAvailable(driver::loopResources);
            return driver;
        };
    }

    @Bean(destroyMethod = "dispose")
    DatabasePool connectionPool(
            DatabaseHosts hosts, PoolProperties properties, ConnectionEras eras, MeterRegistry registry) {
        return DatabasePool.create(
                hosts.connections(UnaryOperator.identity()),
                properties,
                hosts.longestOpening(),
                DatabasePool.OVERFLOW_IDLE,
                eras,
                registry);
    }

    /** For those who wait for a connection elsewhere than at the pool. */
    @Bean(defaultCandidate = false)
    Duration poolTimeout(PoolProperties properties) {
        return properties.timeout();
    }

    @Bean
    PoolerCheck poolerCheck(DatabaseUrl url, DatabaseHosts hosts) {
        return new PoolerCheck(url, hosts.connections(driver -> driver));
    }

    /** For the feed's reader, whom nobody at the pool keeps waiting. */
    @Bean(defaultCandidate = false)
    ConnectionFactory feedConnections(@Qualifier("directHosts") DatabaseHosts hosts) {
        return new HeapConnection.Factory(hosts.connections(
                driver -> driver.applicationName("postfeed-feed").statementTimeout(FEED_STATEMENT_TIMEOUT)));
    }

    /** Takes the place of Boot's own, which waits for a connection of the pool and calls a busy node dead. */
    @Bean
    DatabaseHealth r2dbcHealthContributor(DatabaseHosts hosts) {
        return new DatabaseHealth(hosts.connections(driver -> driver.applicationName("postfeed-health")));
    }

    /** Brings the schema up before the first request is served: beans are ready before the server listens. */
    @Bean
    SpringLiquibase liquibase(@Qualifier("directUrl") DatabaseUrl url) {
        SpringLiquibase liquibase = new Migration();
        liquibase.setDataSource(new JdbcConnections(url));
        liquibase.setChangeLog("classpath:db/changelog/changelog.yaml");
        liquibase.setAnalyticsEnabled(false);
        liquibase.setShowSummary(UpdateSummaryEnum.OFF);
        return liquibase;
    }
}
