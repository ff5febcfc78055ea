package dev.postfeed.database;

import dev.postfeed.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A pool on a database of its own, and an observer of what the server sees of it. */
abstract class DatabasePoolFixture {

    static final Duration SOON = Duration.ofSeconds(2);
    static final Duration LONG = Duration.ofSeconds(20);

    final String url = TestPostgres.newDatabase();
    java.sql.Connection observer;
    final ConnectionEras eras = new ConnectionEras();
    DatabasePool pool;

    @BeforeEach
    void observe() throws SQLException {
        observer = TestPostgres.connect(url);
    }

    @AfterEach
    void close() throws SQLException {
        pool.dispose();
        observer.close();
    }

    DatabasePool pool(int size, int overflow, Duration timeout, Duration recycle, int waiting) {
        return DatabasePool.create(
                driver(),
                new PoolProperties(size, overflow, timeout, recycle, true, waiting),
                LONG,
                Duration.ofMillis(100),
                eras,
                new SimpleMeterRegistry());
    }

    ConnectionFactory driver() {
        DatabaseUrl server = DatabaseUrl.parse(url);
        return new DatedConnection.Factory(
                new PostgresqlConnectionFactory(
                        DatabaseHosts.driver(server, server.hosts().get(0)).build()),
                eras);
    }

    List<Connection> borrow(int count) {
        return Flux.range(0, count)
                .flatMap(i -> pool.create(), 100)
                .collectList()
                .block(LONG);
    }

    static void giveBack(List<Connection> connections) {
        Flux.fromIterable(connections).flatMap(Connection::close).blockLast(LONG);
    }

    Mono<Integer> query(String sql) {
        return Mono.usingWhen(pool.create(), connection -> run(connection, sql), Connection::close);
    }

    static Mono<Integer> run(Connection connection, String sql) {
        return Flux.from(connection.createStatement(sql).bind(0, 1).execute())
                .flatMap(result -> result.map((row, metadata) -> row.get(0, Integer.class)))
                .next();
    }

    static Integer one(Connection connection, String sql) {
        return run(connection, sql).block(LONG);
    }

    Set<Integer> connections() throws SQLException {
        Set<Integer> pids = new HashSet<>();
        try (Statement statement = observer.createStatement();
                ResultSet rows = statement.executeQuery("select pid from pg_stat_activity"
                        + " where application_name = 'postfeed' and datname = current_database()")) {
            while (rows.next()) {
                pids.add(rows.getInt(1));
            }
        }
        return pids;
    }

    void terminateAll() throws SQLException {
        execute("select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                + " where application_name = 'postfeed' and datname = current_database()");
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = observer.createStatement()) {
            statement.execute(sql);
        }
    }
}
