package dev.postfeed.feed;

import static dev.postfeed.Api.json;
import static dev.postfeed.feed.Subscribers.titles;
import static dev.postfeed.feed.Subscribers.titlesAround;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Api;
import dev.postfeed.Application;
import dev.postfeed.HeldRow;
import dev.postfeed.NoBlockingCalls;
import dev.postfeed.Sql;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import dev.postfeed.web.Await;
import io.micrometer.core.instrument.MeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

/** A PostgreSQL of its own that fails in parts and as a whole, under streams that stay. */
@ExtendWith(NoBlockingCalls.class)
class FeedOutageIntegrationTests {

    private static final String READER = "select pid from pg_stat_activity where application_name = 'postfeed-feed'";

    /** A second, and what a machine that is busy with other tests adds. */
    private static final Duration SOON = Duration.ofSeconds(3);

    @TempDir
    Path directory;

    int port;
    EmbeddedPostgres server;
    ConfigurableApplicationContext service;
    Api api;
    Sql sql;
    Subscribers subscribers;

    @BeforeEach
    void startServer() throws IOException {
        server = postgres().start();
        port = server.getPort();
        sql = new Sql(url());
    }

    private String url() {
        return "postgresql://postgres@127.0.0.1:" + port + "/postgres";
    }

    private EmbeddedPostgres.Builder postgres() {
        return EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(false);
    }

    private void startService(String... settings) {
        List<String> arguments = new ArrayList<>(
                List.of("--server.port=0", "--postfeed.feed.heartbeat=1s", "--postfeed.database.url=" + url()));
        arguments.addAll(List.of(settings));
        service = SpringApplication.run(Application.class, arguments.toArray(String[]::new));
        String baseUrl = "http://127.0.0.1:" + service.getEnvironment().getRequiredProperty("local.server.port");
        subscribers = new Subscribers(baseUrl);
        api = new Api(WebTestClient.bindToServer()
                .baseUrl(baseUrl)
                .responseTimeout(Duration.ofSeconds(20))
                .build());
    }

    @AfterEach
    void stop() throws IOException {
        subscribers.close();
        service.close();
        server.close();
    }

    private void post(String title) {
        api.post("/posts", json("title", title)).expect(201);
    }

    private static void heartbeats(FeedClient client, int more) throws IOException {
        int before = client.comments().size();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (client.comments().size() < before + more && System.nanoTime() < end) {
            assertThat(client.next(Duration.ofMillis(100))).isNull();
        }
        assertThat(client.comments().size()).isGreaterThanOrEqualTo(before + more);
    }

    @Test
    @Covers(Fault.CONNECTION_TERMINATED)
    void theReaderIsBackWithinASecondAndHasLostNothing() throws Exception {
        startService();
        FeedClient client = subscribers.follow("");
        List<String> written = new ArrayList<>();
        int withinASecond = 0;
        for (int i = 0; i < 10; i++) {
            String pid = sql.text(READER);
            sql.run("select pg_terminate_backend(?)", Integer.parseInt(pid));
            long terminated = System.nanoTime();
            written.add("during " + i);
            post("during " + i);
            Await.until(() -> sql.column(READER + " and pid <> " + pid).size() == 1);
            Duration took = Duration.ofNanos(System.nanoTime() - terminated);
            assertThat(took).isLessThan(SOON);
            withinASecond += took.compareTo(Duration.ofSeconds(1)) < 0 ? 1 : 0;
            written.add("after " + i);
            post("after " + i);
        }
        assertThat(withinASecond).isGreaterThan(5);
        assertThat(titles(client, 20)).isEqualTo(written);
        assertThat(service.getBean(MeterRegistry.class)
                        .get("postfeed.feed.reader.reconnects")
                        .counter()
                        .count())
                .isGreaterThanOrEqualTo(10);
    }

    @Test
    void streamsOutliveTheDatabaseAndGoOnWithAllThatWasWritten() throws Exception {
        startService();
        FeedClient client = subscribers.follow("");
        FeedClient filtered = subscribers.follow("?title=like.*e*");
        String start = client.lastEventId();
        post("before");
        assertThat(titles(client, 1)).containsExactly("before");

        server.close();
        heartbeats(client, 2);
        FeedClient came = subscribers.open("");
        FeedClient back = subscribers.open("", start);
        heartbeats(came, 2);
        heartbeats(back, 2);
        api.post("/posts", json("title", "nowhere")).expectProblem(503, "database-unavailable");

        server = postgres().setPort(port).start();
        Sql again = new Sql(url() + "?ApplicationName=again"); // The old connection has died.
        again.run("insert into posts (title) values ('the first')");
        post("and the second");
        assertThat(titles(client, 2)).containsExactly("the first", "and the second");
        assertThat(titles(filtered, 3)).containsExactly("before", "the first", "and the second");
        assertThat(titlesAround(came, 2)).containsExactly("the first", "and the second");
        assertThat(titlesAround(back, 3)).containsExactly("before", "the first", "and the second");
    }

    /** 1000 may wait for a connection and time out, or none may wait and all are refused at once. */
    @ParameterizedTest
    @ValueSource(ints = {1000, 0})
    @Covers(Fault.POOL_EXHAUSTED)
    void aReplayWaitsForConnectionsThatOthersHoldAndLiveEventsDoNot(int waiting) throws Exception {
        startService(
                "--postfeed.pool.size=2",
                "--postfeed.pool.max-overflow=0",
                "--postfeed.pool.timeout=1s",
                "--postfeed.pool.max-waiting=" + waiting);
        FeedClient live = subscribers.follow("");
        sql.run("insert into posts (title) select 'post ' || i from generate_series(1, 3000) i");
        List<String> all =
                IntStream.rangeClosed(1, 3000).mapToObj(i -> "post " + i).toList();
        assertThat(titles(live, 3000)).isEqualTo(all);
        long user = api.post("/users", Api.newUser()).expect(201).id();

        FeedClient replay;
        List<CompletableFuture<Void>> stuck = new ArrayList<>();
        try (HeldRow held = new HeldRow(url(), user)) {
            for (int i = 0; i < 2; i++) {
                stuck.add(CompletableFuture.runAsync(
                        () -> api.put("/users/" + user, Api.newUser()).expect(200)));
            }
            Await.until(() -> sql.number("select count(*) from pg_stat_activity"
                            + " where application_name = 'postfeed' and wait_event_type = 'Lock'")
                    == 2);
            replay = subscribers.open("?last_event_id=earliest");
            heartbeats(replay, 3);
            sql.run("insert into posts (title) values ('meanwhile')");
            assertThat(titles(live, 1)).containsExactly("meanwhile");
            subscribers.follow(""); // Has nothing to read.
        }
        for (CompletableFuture<Void> request : stuck) {
            request.join();
        }
        List<String> replayed = titlesAround(replay, 3001);
        assertThat(replayed.subList(0, 3000)).isEqualTo(all);
        assertThat(replayed.get(3000)).isEqualTo("meanwhile");
    }

    @Test
    void anAnswerBeginsAtOnceThoughTheTableIsLocked() throws Exception {
        startService();
        post("a");
        FeedClient live = subscribers.follow("");
        FeedClient replay;
        try (var locker = server.getPostgresDatabase().getConnection();
                var statement = locker.createStatement()) {
            locker.setAutoCommit(false);
            statement.execute("lock table posts");
            statement.execute("insert into posts (title) values ('b')");
            long asked = System.nanoTime();
            replay = subscribers.open("?last_event_id=earliest");
            heartbeats(replay, 1);
            assertThat(replay.retryMillis()).isNotNull();
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(6));
            locker.commit();
        }
        assertThat(titles(live, 1)).containsExactly("b");
        assertThat(titlesAround(replay, 2)).containsExactly("a", "b");
    }
}
