package dev.postfeed.feed;

import static dev.postfeed.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.HeldRow;
import dev.postfeed.ListeningProcess;
import dev.postfeed.PostfeedProcess;
import dev.postfeed.feed.FeedFaults.Fault;
import dev.postfeed.web.Await;
import dev.postfeed.web.StreamClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes whose requests go through PgBouncer in transaction mode, with fewer sessions than connections; what takes a session goes past it. */
class PgBouncerIntegrationTests {

    private static final long SEED = 20261202;
    private static final Duration DURATION = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofSeconds(8);

    @TempDir
    static Path directory;

    private static String server;
    private static ListeningProcess pooler;
    private static FeedCluster cluster;

    private final Api api = new Api(cluster.node(0).client());

    @BeforeAll
    static void start() throws Exception {
        int port = PostfeedProcess.freePort();
        server = url(port);
        pooler = PgBouncer.start(directory, port);
        cluster = new FeedCluster(
                directory, port, Map.of("DATABASE_URL", url(pooler.port()), "DATABASE_DIRECT_URL", server));
    }

    private static String url(int port) {
        return "postgresql://postgres@127.0.0.1:" + port + "/postgres";
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
        if (pooler != null) {
            pooler.close();
        }
    }

    @BeforeEach
    void emptyTables() throws SQLException {
        cluster.emptyTables();
    }

    @Test
    void nothingIsLostWhileSessionsEndAndTheServerRestarts() throws Exception {
        List<Fault> faults = List.of(Fault.RESTART_SERVER, Fault.END_POOLED_SESSIONS, Fault.END_READER_SESSION);
        FeedReport report = FeedChecker.checkWithCuts(cluster, DURATION, SEED, faults, Duration.ofSeconds(4));
        System.out.println(report);
        assertThat(report.acknowledged()).isGreaterThan(500);
        assertThat(report.faults()).containsOnlyKeys(faults);
    }

    @Test
    void rowsAreWrittenAndReadAsWithoutIt() {
        String key = "Idempotency-Key: \"" + UUID.randomUUID() + '"';
        String body = json("name", "Ada", "email", "ada@example.com");
        Answer user = api.post("/users", body, key).expect(201);
        assertThat(api.post("/users", body, key).expect(201).body()).isEqualTo(user.body());
        api.post("/users", body).expectProblem(409, "email-taken");
        api.postLines("/users?on_conflict=email", body + "\n", "Prefer: resolution=merge-duplicates")
                .expect(200);
        long id = user.id();
        Answer post = api.post("/posts", json("title", "one", "user_id", id)).expect(201);
        String path = "/posts/" + post.id();
        api.patch(path, json("title", "two"), "If-Match: " + post.etag()).expect(200);
        api.patch(path, json("title", "three"), "If-Match: " + post.etag()).expectProblem(412, "precondition-failed");
        assertThat(api.get("/posts?select=title,author(name)&user_id=eq." + id, "Prefer: count=exact")
                        .expect(200)
                        .body())
                .isEqualTo("[{\"title\":\"two\",\"author\":{\"name\":\"Ada\"}}]");
        api.delete(path).expect(204);
        api.get(path).expect(404);
    }

    /** The same statements on all connections at once, more than there are sessions. */
    @Test
    void manyConnectionsShareFewSessions() throws Exception {
        api.postLines("/posts", (json("title", "a") + "\n").repeat(2_000)).expect(200);
        HttpClient http = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            String query = "?limit=" + (1 + i % 200) + "&id=gt." + i + "&order=title,id";
            answers.add(http.sendAsync(
                    HttpRequest.newBuilder(URI.create(cluster.url(i % FeedCluster.NODES) + "/posts" + query))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
            if (i == 300) {
                assertThat(count("application_name = 'postfeed'")).isBetween(1, PgBouncer.SESSIONS);
            }
        }
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.get().statusCode()).isEqualTo(200);
        }
        assertThat(count("application_name = 'postfeed-feed'")).isEqualTo(FeedCluster.NODES);
    }

    @Test
    void whatAClientGivesUpIsCancelled() throws Exception {
        try (Connection other = cluster.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table posts in access exclusive mode");
            try (StreamClient client = new StreamClient(cluster.port(0), "/posts?order=title", "application/json")) {
                Await.until(() -> count("wait_event_type = 'Lock' and application_name = 'postfeed'") == 1);
            }
            Await.until(SOON, () -> count("wait_event_type = 'Lock' and application_name = 'postfeed'") == 0);
        }
        api.get("/posts?order=title").expect(200);
    }

    /** The server does not know for how long a statement may run. */
    @Test
    void whatDoesNotEndIsCancelledAndAnswered() throws Exception {
        long user = api.post("/users", json("name", "Ada", "email", "ada@example.com"))
                .expect(201)
                .id();
        try (HeldRow held = new HeldRow(server, user)) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(cluster.url(0) + "/users/" + user))
                    .header("Content-Type", "application/merge-patch+json")
                    .method("PATCH", HttpRequest.BodyPublishers.ofString(json("name", "Eve")))
                    .timeout(Duration.ofSeconds(45))
                    .build();
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(503);
            Await.until(() -> count("wait_event_type = 'Lock'") == 0);
        }
        assertThat(api.get("/users/" + user).text("/name")).isEqualTo("Ada");
    }

    /** Sessions of the server. */
    private static int count(String condition) {
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from pg_stat_activity where " + condition)) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
