package dev.postfeed.database;

import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.client.SSLMode;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.PGjdbcHostnameVerifier;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.publisher.Mono;

/** The ways to the database, one for each purpose: to its only host, or to the writable one of several. */
final class DatabaseHosts implements DisposableBean {

    /** How long a server that has accepted a connection may take to let Postfeed in. */
    private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(3);

    /** The last line against a statement that never ends: the server cancels it. */
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(30);

    /** Statements differ in a page's limit, so that their number needs a bound. */
    private static final int PREPARED_STATEMENTS = 256;

    private final DatabaseUrl url;
    private final UnaryOperator<PostgresqlConnectionConfiguration.Builder> common;
    private final ConnectionEras eras;
    private final @Nullable WritableHost writable;
    private final @Nullable HostWatch watch;

    /** @param common what is the same for all purposes */
    DatabaseHosts(
            DatabaseUrl url, UnaryOperator<PostgresqlConnectionConfiguration.Builder> common, ConnectionEras eras) {
        this.url = url;
        this.common = common;
        this.eras = eras;
        if (url.needsWritableHost() || url.hosts().size() > 1) {
            List<DatabaseHost> asked = hosts(builder -> builder.applicationName("postfeed-watch"));
            writable = new WritableHost(asked, eras);
            watch = new HostWatch(new WritableConnections(asked, writable));
        } else {
            writable = null;
            watch = null;
        }
    }

    /**
     * Opens {@link DatedConnection}s.
     *
     * @param purpose what is of this purpose alone
     */
    ConnectionFactory connections(UnaryOperator<PostgresqlConnectionConfiguration.Builder> purpose) {
        return writable == null
                ? connections(url.hosts().get(0), purpose)
                : new WritableConnections(hosts(purpose), writable);
    }

    /** The longest that a connection may take to be opened; among several hosts the known one may be dead. */
    Duration longestOpening() {
        return writable == null ? longestLogin() : longestLogin().multipliedBy(2);
    }

    private Duration longestLogin() {
        return url.connectTimeout().plus(LOGIN_TIMEOUT);
    }

    private List<DatabaseHost> hosts(UnaryOperator<PostgresqlConnectionConfiguration.Builder> purpose) {
        return url.hosts().stream()
                .map(host -> new DatabaseHost(
                        host.toString(), connections(host, purpose), url.needsWritableHost(), longestLogin()))
                .toList();
    }

    private ConnectionFactory connections(
            DatabaseUrl.Host host, UnaryOperator<PostgresqlConnectionConfiguration.Builder> purpose) {
        return new DatedConnection.Factory(
                new PostgresqlConnectionFactory(
                        purpose.apply(common.apply(driver(url, host))).build()),
                eras);
    }

    /** The driver's settings for one of the hosts. */
    static PostgresqlConnectionConfiguration.Builder driver(DatabaseUrl url, DatabaseUrl.Host host) {
        PostgresqlConnectionConfiguration.Builder builder = PostgresqlConnectionConfiguration.builder()
                .host(host.name())
                .port(host.port())
                .username(url.username())
                .password(url.password())
                .database(url.database())
                .applicationName("postfeed")
                // libpq's default, so that a URL means the same to psql, Liquibase and the pool.
                .sslMode(SSLMode.PREFER)
                // The driver would ask DNS for the name of an address: what the URL says is what counts.
                .sslHostnameVerifier(
                        (resolved, session) -> PGjdbcHostnameVerifier.INSTANCE.verify(host.name(), session))
                .connectTimeout(url.connectTimeout())
                // Times that are to become text are in it already.
                .timeZone("UTC")
                .codecRegistrar((connection, allocator, codecs) -> Mono.fromRunnable(() -> {
                    codecs.addLast(HeapParameter.CODEC);
                    codecs.addLast(TextCodec.STRING);
                    codecs.addLast(TextCodec.BYTES);
                }))
                .tcpKeepAlive(true);
        if (url.pooled()) {
            // The next transaction has another session. And a pooler refuses settings for one, such as a timeout.
            builder.preparedStatementCacheQueries(0);
        } else {
            builder.preparedStatementCacheQueries(PREPARED_STATEMENTS).statementTimeout(STATEMENT_TIMEOUT);
        }
        url.options().forEach((option, value) -> option.r2dbc(builder, value));
        return builder;
    }

    @Override
    public void destroy() {
        if (watch != null) {
            watch.dispose();
        }
    }
}
