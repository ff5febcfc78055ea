package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The pool is made anew once a write has met a read-only server, or another host is the primary. */
class ConnectionEraIntegrationTests extends DatabasePoolFixture {

    @Test
    void noneOfTheConnectionsIsLentAgainOnceAWriteMeetsAReadOnlyServer() throws Exception {
        pool = pool(10, 0, LONG, LONG, 100);
        giveBack(borrow(10));
        Set<Integer> old = connections();
        assertThat(old).hasSize(10);
        Thread.sleep(1000);
        ConnectionEra era = eras.current();

        meetReadOnly();
        assertThat(era.isOver()).isTrue();
        for (Connection lent : borrow(10)) {
            assertThat(old).doesNotContain(pid(lent));
        }
        await().atMost(LONG).until(() -> connections().stream().noneMatch(old::contains));
    }

    /** Where there is no other server, not each write that fails costs all connections. */
    @Test
    void aNewEraIsNotEndedAtOnceButItsRefusedConnectionIsThrownAway() throws Exception {
        pool = pool(10, 0, LONG, LONG, 100);
        Thread.sleep(1000);
        meetReadOnly();
        giveBack(borrow(10));
        Set<Integer> before = connections();
        assertThat(before).hasSize(10);
        ConnectionEra era = eras.current();

        int refused = meetReadOnly();
        assertThat(era.isOver()).isFalse();
        await().atMost(LONG).until(() -> !connections().contains(refused));
        assertThat(connections()).hasSize(9).isSubsetOf(before);
    }

    @Test
    void aConnectionWhoseOpeningBeganBeforeIsNotLent() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        ConnectionFactory server = driver();
        pool = DatabasePool.create(
                new ConnectionFactory() {
                    @Override
                    public Publisher<? extends Connection> create() {
                        return Mono.from(server.create()).doOnNext(connection -> {
                            if (opened.incrementAndGet() == 1) {
                                eras.end(eras.current(), "another host is the primary");
                            }
                        });
                    }

                    @Override
                    public ConnectionFactoryMetadata getMetadata() {
                        return server.getMetadata();
                    }
                },
                new PoolProperties(1, 0, LONG, LONG, false, 100),
                LONG,
                LONG,
                eras,
                new SimpleMeterRegistry());
        int lent = pid(borrow(1).get(0));
        assertThat(opened).hasValue(2);
        assertThat(connections()).containsExactly(lent);
    }

    @Test
    void whatIsUnderWayHasAMomentAndThenGivesItsPlaceBack() throws Exception {
        pool = pool(1, 0, LONG, LONG, 100);
        CompletableFuture<Integer> hangs =
                query("select $1::int from pg_sleep(60)").toFuture();
        await().atMost(LONG).until(() -> pool.getMetrics().orElseThrow().acquiredSize() == 1);
        await().atMost(LONG).until(() -> !connections().isEmpty());

        long begun = System.nanoTime();
        eras.end(eras.current(), "another host is the primary");
        assertThat(query("select $1::int").block(LONG)).isEqualTo(1);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(ConnectionEra.GRACE.dividedBy(2), ConnectionEra.GRACE.multipliedBy(3));
        assertThatThrownBy(hangs::get).hasCauseInstanceOf(R2dbcException.class);
    }

    @Test
    void whatEndsWithinThatMomentIsNotDisturbed() {
        pool = pool(1, 0, LONG, LONG, 100);
        CompletableFuture<Integer> slow =
                query("select $1::int from pg_sleep(1)").toFuture();
        await().atMost(LONG).until(() -> connections().size() == 1);
        eras.end(eras.current(), "another host is the primary");
        assertThat(slow.join()).isEqualTo(1);
    }

    @Test
    void connectionsThatWereClosedAreForgotten() throws Exception {
        pool = pool(2, 8, LONG, LONG, 100);
        ConnectionEra era = eras.current();
        giveBack(borrow(10));
        assertThat(era.size()).isEqualTo(10);
        await().atMost(LONG).until(() -> era.size() == 2);
        terminateAll();
        giveBack(borrow(1));
        await().atMost(LONG)
                .until(() -> era.size() <= 2 && era.size() == connections().size());
    }

    /** Its reader learns of it as of any other end of its connection. */
    @Test
    void theFeedsConnectionIsClosedToo() throws Exception {
        pool = pool(1, 0, LONG, LONG, 100);
        ConnectionFactory feed = new HeapConnection.Factory(driver());
        Connection old = Mono.from(feed.create()).block(LONG);
        int closed = pid(old);
        eras.end(eras.current(), "another host is the primary");
        await().atMost(LONG).until(() -> !connections().contains(closed));
        assertThatThrownBy(() -> pid(old)).isInstanceOf(R2dbcException.class);

        Connection next = Mono.from(feed.create()).block(LONG);
        assertThat(eras.current().size()).isEqualTo(1);
        Mono.from(next.close()).block(LONG);
        assertThat(eras.current().size()).isZero();
    }

    /** Borrows one, writes where that is not allowed, and gives it back; its server process. */
    private int meetReadOnly() throws SQLException {
        execute("create table if not exists t (i int)");
        return Mono.usingWhen(
                        pool.create(),
                        connection -> Mono.from(connection.beginTransaction())
                                .thenMany(Flux.from(connection
                                                .createStatement("set transaction read only")
                                                .execute())
                                        .flatMap(result -> result.getRowsUpdated()))
                                .then(run(connection, "select pg_backend_pid() + 0 * $1::int"))
                                .delayUntil(pid -> run(connection, "insert into t values ($1) returning i")
                                        .onErrorComplete(ConnectionEraIntegrationTests::isReadOnly)),
                        Connection::close)
                .block(LONG);
    }

    private static boolean isReadOnly(Throwable failure) {
        return failure instanceof R2dbcException refused && "25006".equals(refused.getSqlState());
    }

    private static int pid(Connection connection) {
        return run(connection, "select pg_backend_pid() + 0 * $1::int").block(LONG);
    }
}
