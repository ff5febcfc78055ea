package dev.postfeed.database;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postfeed.LeakDetector;
import dev.postfeed.TestPostgres;
import io.netty.buffer.ByteBuf;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Wrapped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** COPY of who is cancelled: nothing of it is stored, and the connection is the pool's again, as good as before. */
@ExtendWith(OutputCaptureExtension.class)
class CopyIntegrationTests extends DatabasePoolFixture {

    private static final String COPY = "copy copied (n) from stdin";
    private static final byte[] ROWS = "1\n2\n3\n".getBytes(US_ASCII);

    @BeforeEach
    void create() throws SQLException {
        pool = pool(1, 0, LONG, LONG, 10);
        execute("create table authors (id integer primary key)");
        execute("insert into authors values (1)");
        execute("create table copied (n integer not null, author integer default 1 references authors)");
        execute("create table written (n integer)");
    }

    @Test
    void storesWhatIsCommitted() throws SQLException {
        Connection connection = begun();
        assertThat(copy(connection).block(LONG)).isEqualTo(3);
        Mono.from(connection.commitTransaction()).block(LONG);
        giveBack(List.of(connection));
        assertThat(rows("copied")).isEqualTo(3);
    }

    /** The driver's own would send CopyFail alone, and wait for ever for its answer. */
    @Test
    void isSentWholeWhereItIsCancelledBeforeItIsSent() throws Exception {
        giveBack(borrow(1));
        Set<Integer> server = connections();
        for (int i = 0; i < 20; i++) {
            Connection connection = begun();
            Sinks.Empty<Void> turn = Sinks.empty();
            occupy(connection, turn.asMono());
            copy(connection).subscribe().dispose();
            CompletableFuture<Void> back = Mono.from(connection.close()).toFuture();
            turn.tryEmitEmpty();
            assertGivenBack(back);
            assertThat(connections()).isEqualTo(server);
        }
        assertThat(rows("copied")).isZero();
    }

    /** Before its rows are read, and after that. */
    @ParameterizedTest
    @ValueSource(strings = {"lock table copied in exclusive mode", "delete from authors"})
    void isRolledBackWhenItHasTheLockThatItWaitedFor(String lock) throws Exception {
        giveBack(borrow(1));
        Set<Integer> server = connections();
        Connection connection = begun();
        CompletableFuture<Void> back;
        try (java.sql.Connection other = locked(lock)) {
            Disposable copy = copy(connection).subscribe();
            await().until(this::waitsForALock);
            CompletableFuture.runAsync(copy::dispose).get(2, TimeUnit.SECONDS);
            back = Mono.from(connection.close()).toFuture();
            assertThat(back).isNotDone();
        }
        assertGivenBack(back);
        assertThat(connections()).isEqualTo(server);
        assertThat(rows("copied")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock table copied in exclusive mode", "delete from authors"})
    void isStoppedWhereItWaitsTooLong(String lock) throws Exception {
        Connection connection = begun();
        Set<Integer> server = connections();
        try (java.sql.Connection other = locked(lock)) {
            Disposable copy = copy(connection).subscribe();
            await().until(this::waitsForALock);
            copy.dispose();
            Mono.from(connection.close()).block(SOON.multipliedBy(2));
            // The lock is still held, and nobody waits for it.
            await().atMost(SOON).until(() -> connections().stream().noneMatch(server::contains));
            assertThat(pool.getMetrics().orElseThrow().acquiredSize()).isZero();
            assertThat(query("select $1::integer").block(SOON)).isEqualTo(1);
        }
        assertThat(rows("copied")).isZero();
    }

    @Test
    void isStoredWholeOrNotAtAllWhoeverIsCancelledWhen(CapturedOutput log) throws Exception {
        int before;
        int whole = 0;
        try (LeakDetector detector = new LeakDetector()) {
            before = log.getAll().length();
            for (int i = 0; i < 400; i++) {
                Disposable upload = upload().subscribe();
                long until = System.nanoTime() + i * 20_000L;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                upload.dispose();
                assertThat(query("insert into written values ($1) returning n").block(SOON))
                        .isEqualTo(1);
                int now = rows("copied");
                assertThat(now - whole).isIn(0, 3);
                whole = now;
            }
            LeakDetector.tell();
        }
        assertThat(rows("written")).isEqualTo(400);
        assertThat(whole).as("some were cancelled, some were not").isBetween(1, 1199);
        assertThat(log.getAll().substring(before)).doesNotContain("LEAK:", "onErrorDropped");
        assertThat(pool.getMetrics().orElseThrow().acquiredSize()).isZero();
    }

    /** Made before it was given back, and so late that somebody else has a transaction on the connection. */
    @Test
    void isOfNoTransactionButItsOwn() throws SQLException {
        Connection connection = borrow(1).get(0);
        List<Mono<?>> late = List.of(
                Mono.from(connection.beginTransaction()), copy(connection), Mono.from(connection.commitTransaction()));
        giveBack(List.of(connection));
        Connection next = begun();
        assertThat(run(next, "insert into written values ($1) returning n").block(LONG))
                .isEqualTo(1);
        for (Mono<?> each : late) {
            assertThatThrownBy(() -> each.block(LONG)).isInstanceOf(IllegalStateException.class);
        }
        giveBack(List.of(next));
        assertThat(rows("copied")).isZero();
        assertThat(rows("written")).isZero();
    }

    @Test
    void doesNotBeginBehindTheRollback() throws Exception {
        Connection connection = begun();
        Mono<Long> copy = copy(connection);
        Sinks.Empty<Void> turn = Sinks.empty();
        occupy(connection, turn.asMono());
        CompletableFuture<Void> back = Mono.from(connection.close()).toFuture();
        assertThatThrownBy(() -> copy.block(LONG)).isInstanceOf(IllegalStateException.class);
        turn.tryEmitEmpty();
        assertGivenBack(back);
        assertThat(rows("copied")).isZero();
    }

    private Connection begun() {
        Connection connection = borrow(1).get(0);
        Mono.from(connection.beginTransaction()).block(LONG);
        return connection;
    }

    private Mono<Void> upload() {
        return Mono.usingWhen(
                pool.create(),
                connection -> {
                    Mono<Long> copy = copy(connection);
                    Mono<Void> commit = Mono.from(connection.commitTransaction());
                    return Mono.from(connection.beginTransaction()).then(copy).then(commit);
                },
                Connection::close);
    }

    private static Mono<Long> copy(Connection connection) {
        return Flux.from(connection.createStatement(COPY).bind(0, ROWS).execute())
                .concatMap(Result::getRowsUpdated)
                .single();
    }

    /** Has the connection send nothing until the turn comes. */
    private static void occupy(Connection connection, Mono<Void> turn) {
        ((Wrapped<?>) connection)
                .unwrap(PostgresqlConnection.class)
                .copyIn(COPY)
                .fromMany(Flux.<Publisher<ByteBuf>>empty().delaySubscription(turn))
                .build()
                .subscribe();
    }

    private void assertGivenBack(CompletableFuture<Void> back) throws Exception {
        back.get(2, TimeUnit.SECONDS);
        assertThat(pool.getMetrics().orElseThrow().acquiredSize()).isZero();
        assertThat(query("select $1::integer").block(SOON)).isEqualTo(1);
    }

    private java.sql.Connection locked(String lock) throws SQLException {
        java.sql.Connection other = TestPostgres.connect(url);
        other.setAutoCommit(false);
        try (Statement statement = other.createStatement()) {
            statement.execute(lock);
        }
        return other;
    }

    private boolean waitsForALock() throws SQLException {
        return number("select count(*) from pg_stat_activity where application_name = 'postfeed'"
                        + " and datname = current_database() and wait_event_type = 'Lock'")
                > 0;
    }

    private int rows(String table) throws SQLException {
        return number("select count(*) from " + table);
    }

    private int number(String sql) throws SQLException {
        try (Statement statement = observer.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
