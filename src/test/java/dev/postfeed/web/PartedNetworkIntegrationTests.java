package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.HeldRow;
import dev.postfeed.NoBlockingCalls;
import dev.postfeed.SilentProxy;
import dev.postfeed.Sql;
import dev.postfeed.TestPostgres;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import io.r2dbc.pool.ConnectionPool;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** A network that loses all packets between service and database, and does not know their connections afterwards. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"postfeed.pool.timeout=8s", "postfeed.feed.heartbeat=1s"})
@AutoConfigureWebTestClient(timeout = "60s")
@ExtendWith(NoBlockingCalls.class)
@DirtiesContext
class PartedNetworkIntegrationTests {

    /** The server ends a statement after 30 s; who waits for one that is silent gives up soon after that. */
    private static final Duration LONGEST = Duration.ofSeconds(45);

    static String direct;
    static SilentProxy proxy;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) throws IOException {
        direct = TestPostgres.newDatabase();
        URI url = URI.create(direct);
        proxy = new SilentProxy(url.getPort());
        properties.add(
                "postfeed.database.url", () -> "postgresql://postgres@127.0.0.1:" + proxy.port() + url.getPath());
    }

    @AutoClose("shutdown")
    final ExecutorService threads = Executors.newCachedThreadPool();

    private record Timed(Answer answer, Duration took) {}

    @AfterAll
    static void close() {
        proxy.close();
    }

    @Test
    @Covers(Fault.DATABASE_SILENT)
    void allThatIsUnderWayIsRefusedInTimeAndItRecoversByItself(
            @Autowired WebTestClient client, @Autowired ConnectionPool pool, @LocalServerPort int port)
            throws Exception {
        Api api = new Api(client);
        Sql sql = new Sql(direct);
        Answer user = api.post("/users", newUser()).expect(201);
        String path = user.header("Location");
        String post = json("title", "of a locked user", "user_id", user.id());
        List<Supplier<Answer>> waiting = List.of(
                () -> api.put(path, newUser()),
                () -> api.patch(path, json("name", "Grace")),
                () -> api.delete(path),
                () -> api.post("/posts", post),
                () -> api.post("/posts", "[" + post + "]"),
                () -> api.postLines("/posts", post),
                () -> api.post("/posts", post, "Idempotency-Key: \"a\""));
        List<Supplier<Answer>> reads = List.of(
                () -> api.get(path),
                () -> api.get("/users"),
                () -> api.get("/users", "Accept: text/csv"),
                () -> api.get("/users?select=*,posts(*)"),
                () -> api.post("/users", newUser()));
        try (StreamClient feed = new StreamClient(port, "/posts/feed", "text/event-stream")) {
            feed.readHead();
            feed.readUntil("event: caught-up");
            try (HeldRow row = new HeldRow(direct, user.id())) {
                List<CompletableFuture<Timed>> asked = new ArrayList<>();
                waiting.forEach(request -> asked.add(time(request)));
                Await.until(() -> sql.number("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                + " and datname = current_database()")
                        == waiting.size());
                proxy.cut();
                proxy.silence(true);
                reads.forEach(request -> asked.add(time(request)));
                assertThat(api.get("/actuator/health/readiness").status()).isEqualTo(503);
                api.get("/actuator/health/liveness").expect(200);
                for (CompletableFuture<Timed> each : asked) {
                    Timed refused = each.get(60, TimeUnit.SECONDS);
                    assertThat(refused.took).as("%s", refused).isLessThan(LONGEST);
                    refused.answer.expectProblem(503, "database-unavailable");
                    assertThat(refused.answer.header("Retry-After")).isEqualTo("1");
                }
                assertThat(row).isNotNull();
            }
            proxy.silence(false);
            Await.until(() -> api.get("/actuator/health/readiness").status() == 200);
            for (int i = 0; i < 20; i++) {
                api.get("/users").expect(200);
                api.post("/posts", json("title", "after " + i)).expect(201);
            }
            String events = feed.readUntil("\"title\":\"after 19\"");
            assertThat(events.lines().filter(line -> line.startsWith(":")))
                    .as("heartbeats")
                    .hasSizeGreaterThan(10);
            assertThat(events).contains("\"title\":\"after 0\"").doesNotContain("event: reset");
        }
        Await.until(() -> pool.getMetrics().orElseThrow().acquiredSize() == 0);
    }

    private CompletableFuture<Timed> time(Supplier<Answer> request) {
        long begun = System.nanoTime();
        return CompletableFuture.supplyAsync(request, threads)
                .thenApply(answer -> new Timed(answer, Duration.ofNanos(System.nanoTime() - begun)));
    }
}
