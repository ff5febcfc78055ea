package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postfeed.LeakDetector;
import dev.postfeed.PostfeedTest;
import dev.postfeed.TestPostgres;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.PoolMetrics;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Clients that hang up while the database is at work for them. */
@PostfeedTest
@ExtendWith(OutputCaptureExtension.class)
class CancelIntegrationTests {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Autowired
    ConnectionPool pool;

    @Autowired
    TransactionalOperator transaction;

    @Autowired
    DatabaseClient client;

    @Value("${postfeed.database.url}")
    String database;

    @LocalServerPort
    int port;

    @Test
    void takesBackEveryConnectionOfCancelledReads() {
        WebClient client = WebClient.create("http://127.0.0.1:" + port);
        Long answered = Flux.range(0, 600)
                .flatMap(i -> get(client).timeout(Duration.ofNanos(i * 10_000L), Mono.empty()), 60)
                .count()
                .block(LONG);
        assertThat(answered).as("some were cancelled").isLessThan(600);
        assertWhole(client);
    }

    /** All in the middle of a statement, since the tables are locked. */
    @Test
    @Covers(Fault.REQUESTS_CANCELLED)
    void twoThousandCancelledRequestsLeaveNothingBehind(CapturedOutput log) throws Exception {
        WebClient client = WebClient.create("http://127.0.0.1:" + port);
        List<WebClient.RequestHeadersSpec<?>> requests = List.of(
                client.get().uri("/posts"),
                client.get().uri("/posts").accept(MediaType.APPLICATION_NDJSON),
                client.get().uri("/posts/1000001"),
                client.post()
                        .uri("/posts")
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue("{\"title\":\"a\"}"),
                client.post()
                        .uri("/posts")
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue("[{\"title\":\"a\"}]"),
                client.post()
                        .uri("/posts")
                        .contentType(MediaType.APPLICATION_NDJSON)
                        .bodyValue("{\"title\":\"a\"}"),
                client.delete().uri("/posts/1000001"));
        int before;
        try (LeakDetector detector = new LeakDetector();
                Connection locker = TestPostgres.connect(database);
                Statement statement = locker.createStatement()) {
            before = log.getAll().length();
            locker.setAutoCommit(false);
            statement.execute("lock table posts");
            Long answered = Flux.range(0, 2000)
                    .flatMap(
                            i -> requests.get(i % requests.size())
                                    .exchangeToMono(response -> response.bodyToMono(byte[].class))
                                    .timeout(Duration.ofMillis(20 + i % 100), Mono.empty()),
                            60)
                    .count()
                    .block(LONG.multipliedBy(3));
            assertThat(answered)
                    .as("all were cancelled, since none could be served")
                    .isZero();
            locker.rollback();
            assertWhole(client);
            LeakDetector.tell();
            assertThat(detector).isNotNull();
        }
        assertThat(LeakDetector.leaks(log.getAll().substring(before))).isEmpty();
    }

    @Test
    void takesBackEveryConnectionOfChangesThatWaitedForALock() throws SQLException {
        WebClient client = WebClient.create("http://127.0.0.1:" + port);
        try (Connection locker = TestPostgres.connect(database);
                Statement statement = locker.createStatement()) {
            statement.execute("insert into posts (id, title) values (1000001, 'locked') on conflict do nothing");
            locker.setAutoCommit(false);
            statement.execute("select from posts where id = 1000001 for update");
            Long answered = Flux.range(0, 300)
                    .flatMap(i -> put(client).timeout(Duration.ofMillis(50 + i % 100), Mono.empty()), 60)
                    .count()
                    .block(LONG);
            assertThat(answered)
                    .as("all were cancelled, since none could be served")
                    .isZero();
            locker.rollback();
            statement.execute("select title from posts where id = 1000001");
            locker.rollback();
        }
        assertWhole(client);
    }

    @Test
    void noWriteJoinsATransactionThatWasGivenUpAsItBegan() throws SQLException {
        String title = "Beside one given up " + System.nanoTime();
        for (int i = 0; i < 500; i++) {
            Disposable begun = transaction.transactional(Mono.never()).subscribe();
            long until = System.nanoTime() + i * 2000L;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            begun.dispose();
            client.sql("insert into posts (title) values ($1)")
                    .bind(0, title)
                    .then()
                    .block(LONG);
        }
        try (Connection observer = TestPostgres.connect(database);
                PreparedStatement statement = observer.prepareStatement("select count(*) from posts where title = ?")) {
            statement.setString(1, title);
            ResultSet rows = statement.executeQuery();
            rows.next();
            assertThat(rows.getInt(1)).isEqualTo(500);
        }
        assertWhole(WebClient.create("http://127.0.0.1:" + port));
    }

    private static Mono<String> get(WebClient client) {
        return client.get().uri("/posts").retrieve().bodyToMono(String.class);
    }

    private static Mono<String> put(WebClient client) {
        return client.put()
                .uri("/posts/1000001")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"title\":\"changed\"}")
                .retrieve()
                .bodyToMono(String.class);
    }

    private void assertWhole(WebClient client) {
        PoolMetrics metrics = pool.getMetrics().orElseThrow();
        await().atMost(LONG).until(() -> metrics.acquiredSize() == 0 && metrics.pendingAcquireSize() == 0);
        assertThat(Flux.range(0, 100).flatMap(i -> get(client), 30).count().block(LONG))
                .isEqualTo(100);
        await().atMost(LONG).until(() -> metrics.acquiredSize() == 0);
    }
}
