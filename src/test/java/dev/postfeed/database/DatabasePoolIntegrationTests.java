package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How many connections there are, and how long one waits for one: the README's table, against a real server. */
class DatabasePoolIntegrationTests extends DatabasePoolFixture {

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
    void waitsForAConnectionAsLongAsTheTimeoutAndNoLonger() {
        pool = pool(1, 0, SOON, LONG, 100);
        List<Connection> borrowed = borrow(1);
        long start = System.nanoTime();
        assertThatThrownBy(() -> borrow(1))
                .isInstanceOfSatisfying(
                        R2dbcException.class, e -> assertThat(e.getSqlState()).isEqualTo("53300"));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(SOON.minusMillis(50), SOON.multipliedBy(2).minusMillis(50));
        giveBack(borrowed);
        giveBack(borrow(1));
    }

    @Test
    void countsTheReplacementOfADeadConnectionIntoTheSameWait() throws SQLException {
        pool = pool(1, 0, Duration.ofSeconds(4), LONG, 100);
        Connection first = borrow(1).get(0);
        Mono<Connection> second = Mono.from(pool.create());
        terminateAll();
        // Given back dead after half of the time: the waiter gets a new one in what is left of it.
        Mono.delay(Duration.ofSeconds(2)).then(Mono.from(first.close())).subscribe();
        long start = System.nanoTime();
        Connection given = second.block(LONG);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
        giveBack(List.of(given));
    }

    /** The driver's word on a connection's transaction is that of the last answer, and BEGIN has none yet. */
    @Test
    void noTransactionThatWasJustBegunIsHandedOn() throws SQLException {
        pool = pool(1, 0, LONG, LONG, 10);
        execute("create table written (n integer)");
        for (int i = 0; i < 20; i++) {
            Connection connection = borrow(1).get(0);
            Mono.from(connection.beginTransaction()).subscribe().dispose();
            giveBack(List.of(connection));
            assertThat(query("insert into written values ($1) returning n").block(LONG))
                    .isEqualTo(1);
            assertThat(written()).isEqualTo(i + 1);
        }
    }

    @Test
    void nothingIsSentBehindATransactionThatIsGivenUp() {
        pool = pool(1, 0, LONG, LONG, 10);
        for (int i = 0; i < 20; i++) {
            Connection connection = borrow(1).get(0);
            Mono.from(connection.beginTransaction()).block(LONG);
            Mono.from(connection.close()).subscribe();
            assertThatThrownBy(() -> connection.createStatement("select 1")).isInstanceOf(IllegalStateException.class);
            assertThat(query("select $1::integer").block(LONG)).isEqualTo(1);
        }
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
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG.dividedBy(4));
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

    private int written() throws SQLException {
        try (Statement statement = observer.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from written")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
