package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import dev.postfeed.TestPostgres;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.PoolMetrics;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpHeaders;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Clients that read slowly, never, or hang up; connections that die. */
@PostfeedTest
@TestPropertySource(properties = {"postfeed.pool.size=5", "postfeed.pool.max-overflow=0", "postfeed.pool.timeout=5s"})
class StreamLoadIntegrationTests {

    private static final String NDJSON = "application/x-ndjson";
    private static final int ROWS = 40_000;
    private static final Duration LONG = Duration.ofSeconds(120);

    Api api;
    Sql sql;
    PoolMetrics pool;
    String database;
    long post;

    @LocalServerPort
    int port;

    @BeforeEach
    void connect(
            @Autowired WebTestClient client,
            @Value("${postfeed.database.url}") String url,
            @Autowired ConnectionPool connections) {
        api = new Api(client);
        sql = new Sql(url);
        database = url;
        pool = connections.getMetrics().orElseThrow();
        if (sql.number("select count(*) from posts") == 0) {
            sql.run(
                    "insert into posts (title, content) select 't', repeat('x', 1000) from generate_series(1, ?)",
                    ROWS);
        }
        post = sql.number("select min(id) from posts");
    }

    @Test
    @Covers(Fault.STREAMS_NOT_READ)
    void twoHundredClientsThatReadNothingHoldNoConnection() throws Exception {
        List<StreamClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                clients.add(new StreamClient(port, "/posts", NDJSON));
            }
            for (StreamClient client : clients) {
                assertThat(client.readHead()).startsWith("HTTP/1.1 200");
            }
            // The system's buffers take some megabytes for each, during which the others are served, too.
            api.get("/posts/" + post).expect(200);
            Await.until(LONG, () -> pool.acquiredSize() == 0 && pool.pendingAcquireSize() == 0);
            for (int i = 0; i < 50; i++) {
                api.get("/posts/" + post).expect(200);
                assertThat(sql.number("select count(*) from pg_stat_activity where datname = current_database()"
                                + " and application_name = 'postfeed' and (xact_start is not null or state <> 'idle')"))
                        .as("connections at work for clients that read nothing")
                        .isZero();
            }
            assertThat(sql.number("select count(*) from pg_stat_activity"
                            + " where datname = current_database() and application_name = 'postfeed'"))
                    .isLessThanOrEqualTo(5);
            assertThat(clients.get(0).readBody().lines().count())
                    .as("rows, once it reads")
                    .isEqualTo(ROWS);
        } finally {
            for (StreamClient client : clients) {
                client.close();
            }
        }
        Await.until(() -> pool.acquiredSize() == 0);
    }

    @Test
    void aSlowReaderGetsAllOfIt() throws Exception {
        try (StreamClient client = new StreamClient(port, "/posts?limit=3000", NDJSON)) {
            client.readHead();
            StringBuilder body = new StringBuilder();
            for (byte[] chunk = client.readChunk(); chunk.length > 0; chunk = client.readChunk()) {
                body.append(new String(chunk, java.nio.charset.StandardCharsets.UTF_8));
                Thread.sleep(20);
            }
            assertThat(body.toString().lines().count()).isEqualTo(3000);
        }
    }

    @Test
    void aClientThatHangsUpLeavesThePoolWholeWithinASecond() throws Exception {
        for (int round = 0; round < 20; round++) {
            List<StreamClient> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                StreamClient client = new StreamClient(port, "/posts", i % 2 == 0 ? NDJSON : "text/csv");
                clients.add(client);
                if (i % 3 > 0) {
                    client.readHead();
                    client.readChunk();
                }
            }
            for (StreamClient client : clients) {
                client.close();
            }
            long closed = System.nanoTime();
            Await.until(() -> pool.acquiredSize() == 0 && pool.pendingAcquireSize() == 0);
            assertThat(Duration.ofNanos(System.nanoTime() - closed)).isLessThan(Duration.ofSeconds(1));
        }
        api.get("/posts/" + post).expect(200);
    }

    @Test
    void takesBackEveryConnectionOfCancelledStreams() throws Exception {
        WebClient client = WebClient.create("http://127.0.0.1:" + port);
        Long whole = Flux.range(0, 300)
                .flatMap(
                        i -> client.get()
                                .uri("/posts")
                                .header(HttpHeaders.ACCEPT, NDJSON)
                                .exchangeToFlux(response -> response.bodyToFlux(byte[].class))
                                .take(Duration.ofMillis(1 + i % 40))
                                .count()
                                .filter(chunks -> chunks > 300),
                        20)
                .count()
                .block(LONG);
        assertThat(whole).as("some were cancelled").isLessThan(300);
        Await.until(() -> pool.acquiredSize() == 0 && pool.pendingAcquireSize() == 0);
        for (int i = 0; i < 20; i++) {
            api.get("/posts/" + post).expect(200);
        }
    }

    private long busy() {
        return sql.number("select count(*) from pg_stat_activity where datname = current_database()"
                + " and application_name = 'postfeed' and state <> 'idle'");
    }

    /** PostgreSQL is told when they go: the next borrower of a connection must not wait for what it does for them. */
    @Test
    void clientsThatGiveUpOnALockedTableAreNotInTheWay() throws Exception {
        WebClient client = WebClient.create("http://127.0.0.1:" + port);
        try (Connection locker = TestPostgres.connect(database);
                Statement lock = locker.createStatement()) {
            locker.setAutoCommit(false);
            lock.execute("lock table posts");
            Disposable clients = Flux.range(0, 20)
                    .flatMap(
                            i -> client.get()
                                    .uri("/posts?limit=" + (100 + i)) // Of equal pages one would be asked for.
                                    .header(HttpHeaders.ACCEPT, i % 2 == 0 ? NDJSON : "application/json")
                                    .retrieve()
                                    .bodyToMono(String.class),
                            20)
                    .subscribe();
            Await.until(() -> busy() == 5 && pool.pendingAcquireSize() == 15);
            clients.dispose();
            long start = System.nanoTime();
            api.get("/users").expect(200);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            Await.until(() -> busy() == 0);
        }
        Await.until(() -> pool.acquiredSize() == 0 && pool.pendingAcquireSize() == 0);
    }

    @Test
    void aConnectionThatDiesCutsTheStream() throws Exception {
        int cut = 0;
        for (int i = 0; i < 10; i++) {
            try (StreamClient client = new StreamClient(port, "/posts", NDJSON)) {
                assertThat(client.readHead()).startsWith("HTTP/1.1 200").contains("chunked");
                client.readChunk();
                if (killedDuring(client)) {
                    cut++;
                }
            }
        }
        assertThat(cut).as("streams whose connection died under them").isPositive();
        api.get("/posts/" + post).expect(200);
    }

    /** Terminates each busy connection until one has died under the stream, or it is whole. */
    private boolean killedDuring(StreamClient client) throws IOException {
        Thread killer = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                sql.run("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                        + " and application_name = 'postfeed' and state = 'active'");
            }
        });
        killer.start();
        try {
            return !client.isWhole();
        } finally {
            killer.interrupt();
            try {
                killer.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
