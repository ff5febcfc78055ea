package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.r2dbc.spi.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** When a connection ends, and in what state the next borrower gets it: the README's table, against a real server. */
class DatabasePoolLifeIntegrationTests extends DatabasePoolFixture {

    @Test
    void closesTheOverflowOnceItIsIdleAndKeepsTheSize() throws Exception {
        pool = pool(2, 3, LONG, LONG, 100);
        List<Connection> borrowed = borrow(5);
        assertThat(connections()).hasSize(5);
        giveBack(borrowed);
        await().atMost(LONG).until(() -> connections().size() == 2);
        await().during(Duration.ofSeconds(1))
                .atMost(LONG)
                .until(() -> connections().size() == 2);
    }

    @Test
    void replacesConnectionsAfterTheirLifeTimeNeverAllAtOnce() throws Exception {
        pool = pool(10, 0, LONG, Duration.ofSeconds(3), 100);
        giveBack(borrow(10));
        Set<Integer> first = connections();
        assertThat(first).hasSize(10);
        Set<Integer> sizes = new HashSet<>();
        await().pollInterval(Duration.ofMillis(20)).atMost(LONG).until(() -> {
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
                .atMost(LONG)
                .until(() -> connections().equals(old));
        assertThat(one(borrowed, "select $1::int")).isEqualTo(1);
        giveBack(List.of(borrowed));
        await().atMost(LONG).until(() -> !connections().equals(old));
    }

    @Test
    void keepsConnectionsForEverWithoutALifeTime() throws Exception {
        pool = pool(1, 0, LONG, PoolProperties.NEVER, 100);
        giveBack(borrow(1));
        Set<Integer> old = connections();
        await().during(Duration.ofSeconds(1))
                .atMost(LONG)
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
        await().atMost(LONG).until(() -> pool.getMetrics().orElseThrow().acquiredSize() == 0);
        assertThat(Flux.range(0, 50)
                        .flatMap(i -> query("select $1::int"))
                        .count()
                        .block(LONG))
                .isEqualTo(50);
        assertThat(connections()).hasSizeLessThanOrEqualTo(10);
    }
}
