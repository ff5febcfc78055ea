package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.ListeningProcess;
import dev.postfeed.PostfeedProcess;
import dev.postfeed.feed.FeedFaults.Fault;
import dev.postfeed.web.Await;
import dev.postfeed.web.Upload;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.convert.DurationStyle;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/**
 * PostgreSQL, two nodes and nginx as compose.yaml puts them together, as processes of this machine, with its settings of the
 * nodes and its configuration of nginx. Longer: {@code ./mvnw test -Dtest=TopologyIntegrationTests -Dpostfeed.topology.duration=5m}.
 */
class TopologyIntegrationTests {

    private static final long SEED = 20261201;
    private static final Duration MOST_PAUSE = Duration.ofSeconds(4);
    private static final int LINES = 20_000;

    @TempDir
    static Path directory;

    private static FeedCluster cluster;
    private static ListeningProcess nginx;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        cluster = new FeedCluster(directory, settings());
        nginx = Nginx.start(directory, cluster.nodePorts());
        cluster.putBehind(nginx.port());
    }

    /** What compose.yaml says of the server and its limits; addresses and databases are this test's. */
    private static Map<String, String> settings() throws IOException {
        Map<String, Map<String, Map<String, Map<String, String>>>> compose =
                new Yaml().load(Files.readString(Path.of("compose.yaml")));
        Map<String, String> settings =
                new HashMap<>(compose.get("services").get("node1").get("environment"));
        settings.keySet().removeIf(name -> !name.matches("SERVER_.*|POSTFEED_LIMITS_.*"));
        assertThat(settings).containsEntry("SERVER_FORWARD_HEADERS_STRATEGY", "native");
        return settings;
    }

    @AfterAll
    static void stop() throws Exception {
        if (nginx != null) {
            nginx.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void emptyTables() throws SQLException {
        cluster.emptyTables();
    }

    @Test
    void nothingIsLostWhileNodesAreKilledAndRestartedInTurn() throws Exception {
        Duration duration = DurationStyle.detectAndParse(System.getProperty("postfeed.topology.duration", "30s"));
        List<Fault> faults = List.of(Fault.KILL_NODE, Fault.ROLLING_RESTART);
        FeedReport report = FeedChecker.checkWithCuts(cluster, duration, SEED, faults, MOST_PAUSE);
        System.out.println(report);
        assertThat(report.acknowledged()).isGreaterThan(1_000);
        assertThat(report.deliveries()).isGreaterThan(report.acknowledged());
        assertThat(report.faults()).containsOnlyKeys(faults);
    }

    /** More than fits into all buffers on the way, so that each side has to wait for the other. */
    @Test
    void linesAreAnsweredWhileTheUploadGoesOn() throws Exception {
        String content = "x".repeat(1_000);
        try (Upload upload = new Upload(nginx.port(), "/posts")) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(upload, content));
            for (int line = 1; line <= LINES; line++) {
                JsonNode answer = upload.line();
                assertThat(answer.path("line").asInt()).isEqualTo(line);
                assertThat(answer.path("status").asInt()).isEqualTo(201);
            }
            assertThat(upload.line()).isNull();
            sent.get(10, TimeUnit.SECONDS);
        }
    }

    private static void send(Upload upload, String content) {
        try {
            for (int i = 0; i < LINES; i++) {
                upload.send("{\"title\":\"line\",\"content\":\"" + content + "\"}\n");
            }
            upload.end();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Whatever a client says it is, and however it says it. */
    @Test
    void theNodesHearOfNoAddressButTheClientsOwn() throws Exception {
        for (int port : List.of(cluster.nodePorts().get(0), nginx.port())) {
            for (String header : List.of("X-Forwarded-For:203.0.113.7", "Forwarded:for=203.0.113.8")) {
                String target = "/posts?limit=1&title=eq." + port + header.replaceAll("[^a-zA-Z]", "");
                String[] parts = header.split(":");
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                        .header(parts[0], parts[1])
                        .build();
                assertThat(http.send(request, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);
                // That a node would have believed it is what the first shows.
                String client = port == nginx.port() ? "127.0.0.1" : parts[1].replace("for=", "");
                String logged = client + " \"GET " + target;
                Await.until(() -> IntStream.range(0, FeedCluster.NODES)
                        .anyMatch(node -> cluster.node(node).output().contains(logged)));
            }
        }
    }

    @Test
    void withoutNodesTheAnswerIsAProblem() throws Exception {
        Path other = Files.createDirectory(directory.resolve("without-nodes"));
        List<Integer> nobody = List.of(PostfeedProcess.freePort(), PostfeedProcess.freePort());
        try (ListeningProcess alone = Nginx.start(other, nobody)) {
            for (String type : List.of("application/json", "application/x-ndjson")) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + alone.port() + "/posts"))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString("{\"title\":\"nobody hears\"}"))
                        .build();
                HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(502);
                assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
                assertThat(answer.headers().firstValue("Retry-After")).contains("1");
                assertThat(answer.body()).contains("\"status\":502");
            }
        }
    }
}
