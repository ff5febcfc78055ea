package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postfeed.TestPostgres;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Each line of the README's table of SQLAlchemy's pool settings, against a real server. */
class DatabasePoolIntegrationTests {

    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final String url = TestPostgres.newDatabase();
    private java.sql.Connection observer;
    private DatabasePool pool;

    @BeforeEach
    void observe() throws SQLException {
        observer = TestPostgres.connect(url);
    }

    @AfterEach
    void close() throws SQLException {
        pool.dispose();
        observer.close();
    }

    @Test
    void opensNothingBeforeItIsAsked() throws SQLException {
        pool = pool(3, 2, LONG, LONG, 10);
        assertThat(connections()).isEmpty();
    }

    @Test
    void neverOpensMoreThanSizeAndOverflow() throws SQLException {
        pool = pool(2, 3, SOON, LONG, 100);
        List<Connection> borrowed = borrow(5);
        assertThat(connections()).hasSize(5);
        assertThatThrownBy(() -> borrow(1)).isInstanceOf(R2dbcException.class);
        assertThat(connections()).hasSize(5);
        giveBack(borrowed);
    }

    @Test
    void closesTheOverflowOnceItIsIdleAndKeepsTheSize() throws Exception {
        pool = pool(2, 3, LONG, LONG, 100);
        giveBack(borrow(5));
        assertThat(connections()).hasSize(5);
        await().atMost(Duration.ofSeconds(5)).until(() -> connections().size() == 2);
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(2))
                .until(() -> connections().size() == 2);
    }

    @Test
    void waitsForAConnectionAsLongAsTheTimeoutAndNoLonger() {
        pool = pool(1, 0, Duration.ofMillis(700), LONG, 100);
        List<Connection> borrowed = borrow(1);
        long start = System.nanoTime();
        assertThatThrownBy(() -> borrow(1))
                .isInstanceOfSatisfying(
                        R2dbcException.class, e -> assertThat(e.getSqlState()).isEqualTo("53300"));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(650), Duration.ofMillis(1300));
        giveBack(borrowed);
        giveBack(borrow(1));
    }

    @Test
    void countsTheReplacementOfADeadConnectionIntoTheSameWait() throws SQLException {
        pool = pool(1, 0, Duration.ofSeconds(1), LONG, 100);
        Connection first = borrow(1).get(0);
        Mono<Connection> second = Mono.from(pool.create());
        terminateAll();
        // Given back dead after 600 ms: the waiter gets a new one in what is left of its second.
        Mono.delay(Duration.ofMillis(600)).then(Mono.from(first.close())).subscribe();
        long start = System.nanoTime();
        Connection given = second.block(LONG);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1300));
        giveBack(List.of(given));
    }

    @Test
    void refusesAtOnceWhenTooManyWait() {
        pool = pool(1, 0, LONG, LONG, 2);
        List<Connection> borrowed = borrow(1);
        Mono<List<Connection>> waiting = Flux.range(0, 2)
                .flatMap(i -> pool.create())
                .take(2)
                .collectList()
                .cache();
        waiting.subscribe(served -> {}, ended -> {});
        await().until(() -> pool.getMetrics().orElseThrow().pendingAcquireSize() == 2);
        long start = System.nanoTime();
        assertThatThrownBy(() -> borrow(1))
                .isInstanceOfSatisfying(
                        R2dbcException.class, e -> assertThat(e.getSqlState()).isEqualTo("53300"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
        giveBack(borrowed);
    }

    @Test
    void lendsWhatIsIdleWhenNobodyMayWait() {
        pool = pool(1, 1, LONG, LONG, 0);
        IntStream.range(0, 20).forEach(i -> giveBack(borrow(2)));
        List<Connection> borrowed = borrow(2);
        assertThatThrownBy(() -> borrow(1)).isInstanceOf(R2dbcException.class);
        giveBack(borrowed);
    }

    @Test
    void replacesConnectionsAfterTheirLifeTimeNeverAllAtOnce() throws Exception {
        pool = pool(10, 0, LONG, Duration.ofSeconds(3), 100);
        giveBack(borrow(10));
        Set<Integer> first = connections();
        assertThat(first).hasSize(10);
        Set<Integer> sizes = new HashSet<>();
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(6))
                .until(() -> {
                    Set<Integer> left = connections();
                    left.retainAll(first);
                    sizes.add(left.size());
                    return left.isEmpty();
                });
        // From ten to none in steps: the chance that ten random ages fall into fewer than three passes is nil.
        assertThat(sizes).hasSizeGreaterThan(3);
    }

    @Test
    void neverTakesAConnectionAwayFromItsBorrower() throws Exception {
        pool = pool(1, 0, LONG, Duration.ofSeconds(1), 100);
        Connection borrowed = borrow(1).get(0);
        Set<Integer> old = connections();
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(3))
                .until(() -> connections().equals(old));
        assertThat(one(borrowed, "select $1::int")).isEqualTo(1);
        giveBack(List.of(borrowed));
        await().atMost(Duration.ofSeconds(2)).until(() -> !connections().equals(old));
    }

    @Test
    void keepsConnectionsForEverWithoutALifeTime() throws Exception {
        pool = pool(1, 0, LONG, PoolProperties.NEVER, 100);
        giveBack(borrow(1));
        Set<Integer> old = connections();
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(2))
                .until(() -> connections().equals(old));
    }

    @Test
    void lendsNoConnectionThatTheServerHasClosed() throws SQLException {
        pool = pool(10, 0, LONG, LONG, 100);
        for (int round = 0; round < 10; round++) {
            giveBack(borrow(10));
            assertThat(connections()).hasSize(10);
            terminateAll();
            assertThat(connections()).isEmpty();
            Flux.range(0, 50).flatMap(i -> query("select $1::int")).blockLast(LONG);
        }
    }

    @Test
    void rollsBackWhatABorrowerLeftOpen() throws SQLException {
        execute("create table t (i int)");
        pool = pool(1, 0, LONG, LONG, 100);
        Connection borrowed = borrow(1).get(0);
        Mono.from(borrowed.beginTransaction()).block(LONG);
        one(borrowed, "insert into t values ($1) returning i");
        giveBack(List.of(borrowed));
        Connection next = borrow(1).get(0);
        assertThat(next.isAutoCommit()).isTrue();
        assertThat(one(next, "select count(*)::int from t where i = $1")).isZero();
        giveBack(List.of(next));
    }

    @Test
    void takesCancelledConnectionsBackClean() throws SQLException {
        pool = pool(5, 5, LONG, LONG, 1000);
        Flux.range(0, 500)
                .flatMap(
                        i -> query("select $1::int, pg_sleep(0.02)").timeout(Duration.ofMillis(i % 25), Mono.empty()),
                        50)
                .blockLast(LONG);
        await().atMost(Duration.ofSeconds(5))
                .until(() -> pool.getMetrics().orElseThrow().acquiredSize() == 0);
        assertThat(Flux.range(0, 50)
                        .flatMap(i -> query("select $1::int"))
                        .count()
                        .block(LONG))
                .isEqualTo(50);
        assertThat(connections()).hasSizeLessThanOrEqualTo(10);
    }

    private DatabasePool pool(int size, int overflow, Duration timeout, Duration recycle, int waiting) {
        return DatabasePool.create(
                new PostgresqlConnectionFactory(DatabaseConfiguration.driver(DatabaseUrl.parse(url))),
                new PoolProperties(size, overflow, timeout, recycle, true, waiting),
                Duration.ofMillis(100));
    }

    private List<Connection> borrow(int count) {
        return Flux.range(0, count)
                .flatMap(i -> pool.create(), 100)
                .collectList()
                .block(LONG);
    }

    private static void giveBack(List<Connection> connections) {
        Flux.fromIterable(connections).flatMap(Connection::close).blockLast(LONG);
    }

    private Mono<Integer> query(String sql) {
        return Mono.usingWhen(pool.create(), connection -> run(connection, sql), Connection::close);
    }

    private static Mono<Integer> run(Connection connection, String sql) {
        return Flux.from(connection.createStatement(sql).bind(0, 1).execute())
                .flatMap(result -> result.map((row, metadata) -> row.get(0, Integer.class)))
                .next();
    }

    private static Integer one(Connection connection, String sql) {
        return run(connection, sql).block(LONG);
    }

    private Set<Integer> connections() throws SQLException {
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

    private void terminateAll() throws SQLException {
        execute("select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                + " where application_name = 'postfeed' and datname = current_database()");
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = observer.createStatement()) {
            statement.execute(sql);
        }
    }
}
