package dev.postfeed.database;

import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.postgresql.MultiHostConnectionStrategy.TargetServerType;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.client.SSLMode;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import liquibase.UpdateSummaryEnum;
import liquibase.integration.spring.SpringLiquibase;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.ssl.PGjdbcHostnameVerifier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import reactor.netty.resources.LoopResources;

/** The database named by the settings, or the embedded one; the pool on it; the way to it for Liquibase. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    /** How long a server that has accepted a connection may take to let Postfeed in. */
    private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(3);

    /** The last line against a statement that never ends: the server cancels it. */
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(30);

    /** Of the feed's reader, for whom all subscribers wait. */
    private static final Duration FEED_STATEMENT_TIMEOUT = Duration.ofSeconds(10);

    /** Statements differ in a page's limit, so that their number needs a bound. */
    private static final int PREPARED_STATEMENTS = 256;

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

    @Bean(destroyMethod = "dispose")
    DatabasePool connectionPool(
            DatabaseUrl url, PoolProperties properties, ObjectProvider<LoopResources> loops, MeterRegistry registry) {
        return DatabasePool.create(
                new PostgresqlConnectionFactory(driver(url, loops).build()),
                properties,
                url.connectTimeout().multipliedBy(url.hosts().size()).plus(LOGIN_TIMEOUT),
                DatabasePool.OVERFLOW_IDLE,
                registry);
    }

    /** For those who wait for a connection elsewhere than at the pool. */
    @Bean(defaultCandidate = false)
    Duration poolTimeout(PoolProperties properties) {
        return properties.timeout();
    }

    /** On the event loops of the server: an answer of the database goes on where it came, or on a neighbour that is awake. */
    private static PostgresqlConnectionConfiguration.Builder driver(
            DatabaseUrl url, ObjectProvider<LoopResources> loops) {
        PostgresqlConnectionConfiguration.Builder builder = driver(url);
        loops.ifAvailable(builder::loopResources);
        return builder;
    }

    static PostgresqlConnectionConfiguration.Builder driver(DatabaseUrl url) {
        PostgresqlConnectionConfiguration.Builder builder = PostgresqlConnectionConfiguration.builder()
                .username(url.username())
                .password(url.password())
                .database(url.database())
                .applicationName("postfeed")
                // libpq's default, so that a URL means the same to psql, Liquibase and the pool.
                .sslMode(SSLMode.PREFER)
                // The driver would ask DNS for the name of an address: what the URL says is what counts.
                .sslHostnameVerifier((resolved, session) -> url.hosts().stream()
                        .anyMatch(host -> PGjdbcHostnameVerifier.INSTANCE.verify(host.name(), session)))
                .connectTimeout(url.connectTimeout())
                .statementTimeout(STATEMENT_TIMEOUT)
                .preparedStatementCacheQueries(PREPARED_STATEMENTS)
                .codecRegistrar(HeapParameter.REGISTRAR)
                .tcpKeepAlive(true);
        if (url.hosts().size() == 1) {
            builder.host(url.hosts().get(0).name()).port(url.hosts().get(0).port());
        } else {
            url.hosts().forEach(host -> builder.addHost(host.name(), host.port()));
            builder.targetServerType(TargetServerType.PRIMARY);
        }
        url.options().forEach((option, value) -> option.r2dbc(builder, value));
        return builder;
    }

    /** For the feed's reader, whom nobody at the pool keeps waiting. */
    @Bean(defaultCandidate = false)
    ConnectionFactory feedConnections(DatabaseUrl url, ObjectProvider<LoopResources> loops) {
        return new HeapConnection.Factory(new PostgresqlConnectionFactory(driver(url, loops)
                .applicationName("postfeed-feed")
                .statementTimeout(FEED_STATEMENT_TIMEOUT)
                .build()));
    }

    /** Takes the place of Boot's own, which waits for a connection of the pool and calls a busy node dead. */
    @Bean
    DatabaseHealth r2dbcHealthContributor(DatabaseUrl url) {
        return new DatabaseHealth(new PostgresqlConnectionFactory(
                driver(url).applicationName("postfeed-health").build()));
    }

    /** Brings the schema up before the first request is served: beans are ready before the server listens. */
    @Bean
    SpringLiquibase liquibase(DatabaseUrl url) {
        PGSimpleDataSource connections = new PGSimpleDataSource();
        connections.setUrl(url.jdbcUrl());
        connections.setUser(url.username());
        connections.setPassword(url.password());
        SpringLiquibase liquibase = new Migration();
        liquibase.setDataSource(connections);
        liquibase.setChangeLog("classpath:db/changelog/changelog.yaml");
        liquibase.setAnalyticsEnabled(false);
        liquibase.setShowSummary(UpdateSummaryEnum.OFF);
        return liquibase;
    }
}
