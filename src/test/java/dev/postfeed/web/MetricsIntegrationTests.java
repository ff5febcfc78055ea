package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.HeldRow;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Scrape;
import dev.postfeed.Sql;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpMethod;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** What operators see of requests, the pool, streams and uploads; of the feed it is a test of its own. */
@PostfeedTest
@TestPropertySource(
        properties = {
            "spring.application.name=metrics", // Nobody else asks it for anything.
            "postfeed.pool.size=1",
            "postfeed.pool.max-overflow=0",
            "postfeed.pool.timeout=1s"
        })
class MetricsIntegrationTests {

    private static final String REQUESTS = "http_server_requests_seconds_count";
    private static final String BUCKETS = "http_server_requests_seconds_bucket";

    @LocalServerPort
    int port;

    Api api;
    Sql sql;
    String url;
    Scrape before;

    @BeforeEach
    void connect(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) throws Exception {
        this.url = url;
        api = new Api(client);
        sql = new Sql(url);
        // The first connection may take longer to open than a request may wait.
        Await.until(() -> api.get("/users").status() == 200);
        before = Scrape.of(api);
    }

    private double more(String name, String... labels) {
        return Scrape.of(api).sum(name, labels) - before.sum(name, labels);
    }

    private double now(String name, String... labels) {
        return Scrape.of(api).sum(name, labels);
    }

    @Test
    void requestsAreCountedByRouteMethodAndStatus() {
        String path = api.post("/users", newUser()).expect(201).header("Location");
        api.get(path).expect(200);
        api.get(path).expect(200);
        api.delete(path).expect(204);
        api.get(path).expect(404);
        api.get("/users/0").expect(400);
        assertThat(more(REQUESTS, "method=\"POST\"", "uri=\"/users\"", "status=\"201\""))
                .isEqualTo(1);
        String one = "uri=\"/users/{id}\"";
        assertThat(more(REQUESTS, "method=\"GET\"", one, "status=\"200\"")).isEqualTo(2);
        assertThat(more(REQUESTS, "method=\"DELETE\"", one, "status=\"204\"")).isEqualTo(1);
        assertThat(more(REQUESTS, "method=\"GET\"", one, "status=\"404\"")).isEqualTo(1);
        assertThat(more(REQUESTS, "method=\"GET\"", one, "status=\"400\"")).isEqualTo(1);
        assertThat(more(BUCKETS, one, "status=\"200\"", "stream=\"false\"", "le=\"+Inf\""))
                .isEqualTo(2);
    }

    @Test
    void streamsAreToldFromOtherRequests() throws Exception {
        for (String accept : List.of("application/x-ndjson", "application/jsonl", "text/csv")) {
            api.get("/posts", "Accept: " + accept).expect(200);
        }
        api.postLines("/posts", json("title", "a")).expect(200);
        try (StreamClient feed = new StreamClient(port, "/posts/feed", "text/event-stream")) {
            feed.readHead();
        }
        Await.until(() -> more(REQUESTS, "stream=\"true\"") == 5);
        assertThat(more(REQUESTS, "stream=\"true\"", "uri=\"/posts/feed\"")).isEqualTo(1);
        api.get("/posts").expect(200);
        api.get("/posts?limit=0", "Accept: text/csv").expect(400);
        assertThat(more(REQUESTS, "stream=\"true\"")).isEqualTo(5);
    }

    @Test
    void rowsAndBytesOfStreamsAreCounted() {
        sql.run("truncate posts");
        sql.run(
                "insert into posts (title, content) select 'é' || i, repeat('x', 1000) from generate_series(1, 3000) i");
        String body =
                api.get("/posts", "Accept: application/x-ndjson").expect(200).body();
        assertThat(more("postfeed_streams_rows_total")).isEqualTo(3000);
        assertThat(more("postfeed_streams_sent_bytes_total")).isEqualTo(body.getBytes(StandardCharsets.UTF_8).length);
        assertThat(now("postfeed_streams_open")).isZero();
        assertThat(more("postfeed_streams_cut_total")).isZero();
    }

    @Test
    void aStreamIsOpenUntilItsClientGoes() throws Exception {
        sql.run("truncate posts");
        sql.run("insert into posts (title, content) select 'a', repeat('x', 1000) from generate_series(1, 20000)");
        try (StreamClient client = new StreamClient(port, "/posts", "application/x-ndjson")) {
            client.readHead();
            client.readChunk();
            assertThat(now("postfeed_streams_open")).isEqualTo(1);
        }
        Await.until(() -> now("postfeed_streams_open") == 0);
        assertThat(more("postfeed_streams_cut_total", "reason=\"cancelled\"")).isEqualTo(1);
        assertThat(more("postfeed_streams_cut_total", "reason=\"failure\"")).isZero();
        assertThat(more("postfeed_streams_rows_total")).isPositive().isLessThan(20_000);
    }

    @Test
    void aStreamThatFailsOnTheWayIsCounted() throws Exception {
        sql.run("truncate posts");
        sql.run("insert into posts (title, content) select 'a', repeat('x', 1000) from generate_series(1, 20000)");
        try (StreamClient client = new StreamClient(port, "/posts", "application/x-ndjson")) {
            client.readHead();
            sql.run("alter table posts rename to posts_elsewhere");
            try {
                assertThat(client.isWhole()).isFalse();
            } finally {
                sql.run("alter table posts_elsewhere rename to posts");
            }
        }
        Await.until(() -> more("postfeed_streams_cut_total", "reason=\"failure\"") == 1);
        assertThat(now("postfeed_streams_open")).isZero();
    }

    @Test
    void linesOfUploadsAreCountedByWhatBecameOfThem() throws Exception {
        String there = Api.newEmail();
        api.post("/users", json("name", "A", "email", there)).expect(201);
        String lines = json("name", "B", "email", there) + "\n" + newUser() + "\n" + newUser() + "\n{\n";
        String[] headers = {
            "Prefer: handling=lenient, resolution=ignore-duplicates", "Idempotency-Key: \"" + Api.newEmail() + "\""
        };
        List<Integer> statuses = api.postLines("/users?on_conflict=email", lines, headers).lines().stream()
                .map(line -> line.path("status").asInt())
                .toList();
        assertThat(statuses).containsExactly(200, 201, 201, 400);
        assertThat(more("postfeed_uploads_lines_total", "outcome=\"present\"")).isEqualTo(1);
        assertThat(more("postfeed_uploads_lines_total", "outcome=\"created\"")).isEqualTo(2);
        assertThat(more("postfeed_uploads_lines_total", "outcome=\"refused\"")).isEqualTo(1);
        assertThat(more("postfeed_uploads_received_bytes_total")).isEqualTo(lines.length());
        api.postLines("/users?on_conflict=email", lines, headers).expect(200);
        assertThat(more("postfeed_uploads_lines_total", "outcome=\"repeated\"")).isEqualTo(4);
        assertThat(more("postfeed_uploads_lines_total")).isEqualTo(8);

        try (Upload upload = new Upload(port, "/posts")) {
            upload.send(json("title", "a") + "\n");
            upload.line();
            assertThat(now("postfeed_uploads_open")).isEqualTo(1);
        }
        Await.until(() -> now("postfeed_uploads_open") == 0);
    }

    @Test
    void whoGetsNoConnectionIsCounted() throws Exception {
        Answer held = api.post("/users", newUser()).expect(201);
        String path = held.header("Location");
        CompletableFuture<Answer> change;
        try (HeldRow row = new HeldRow(url, held.id())) {
            change = CompletableFuture.supplyAsync(() -> api.patch(path, json("name", "Grace")));
            Await.until(() -> now("r2dbc_pool_acquired_connections") == 1);
            assertThat(now("r2dbc_pool_max_allocated_connections")).isEqualTo(1);
            CompletableFuture<Answer> read = CompletableFuture.supplyAsync(() -> api.get(path));
            Await.until(() -> now("postfeed_coalescer_waiting") == 1 && now("r2dbc_pool_pending_connections") == 1);
            read.get().expectProblem(503, "overloaded");
            api.delete(path).expectProblem(503, "overloaded");
            assertThat(more("postfeed_pool_refusals_total", "reason=\"timeout\""))
                    .isGreaterThanOrEqualTo(1);
            assertThat(more("postfeed_pool_refusals_total", "reason=\"timeout\"")
                            + more("postfeed_coalescer_refusals_total", "reason=\"timeout\""))
                    .isGreaterThanOrEqualTo(2);
            assertThat(more(REQUESTS, "status=\"503\"", "outcome=\"SERVER_ERROR\""))
                    .isEqualTo(2);
        }
        change.get().expect(200);
        assertThat(now("postfeed_coalescer_waiting")).isZero();
        assertThat(more("postfeed_pool_refusals_total", "reason=\"full\"")).isZero();
    }

    /** Whatever is sent, there are no more series, and nobody finds an id or an email in them. */
    @Test
    void nothingThatClientsChooseIsInTheTags(@Autowired WebTestClient client) {
        String path = api.post("/users", json("name", "Canary", "email", "canary" + Api.newEmail()))
                .expect(201)
                .header("Location");
        for (int i = 0; i < 30; i++) {
            api.get("/canary" + i).expect(404);
            api.get("/users/" + (738_291_650_400L + i)).expect(404);
            api.get("/posts/" + (738_291_650_400L + i) + "?canary=1").expect(400);
            api.get("/users?email=eq.canary" + i + "@example.com").expect(200);
            api.get("/posts", "Accept: text/canary" + i).expect(406);
            api.get("/problems/canary" + i).expect(404);
            api.get("/page/canary" + i).expect(404);
            client.method(HttpMethod.valueOf("CANARY" + i))
                    .uri(path)
                    .exchange()
                    .expectStatus()
                    .isEqualTo(405);
        }
        Scrape scrape = Scrape.of(api);
        assertThat(scrape.text().toLowerCase(java.util.Locale.ROOT)).doesNotContain("canary", "7382916504", "@example");
        assertThat(scrape.values("uri"))
                .isSubsetOf(
                        "/users",
                        "/users/{id}",
                        "/posts",
                        "/posts/{id}",
                        "/posts/feed",
                        "/problems/{name}",
                        "/page/{file}",
                        "/actuator/prometheus",
                        "UNKNOWN",
                        "NOT_FOUND");
        assertThat(scrape.values("method")).isSubsetOf("GET", "POST", "PATCH", "DELETE", "UNKNOWN");
    }
}
