package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newUser;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.HeldRow;
import dev.postfeed.PostfeedProcess;
import dev.postfeed.Sql;
import dev.postfeed.TestPostgres;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** SIGTERM while rows, lines and events are on their way; what was cut goes on at another node. */
@Timeout(180)
class ShutdownIntegrationTests {

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final String NDJSON = "application/x-ndjson";
    private static final String KEY = "Idempotency-Key: \"upload\"";
    private static final int ROWS = 40_000;
    private static final int LINES = 20_000;
    private static final int STUCK = 5;
    private static final Pattern ID = Pattern.compile("\"id\":(\\d+),");
    private static final Pattern EVENT_ID = Pattern.compile("^id: (\\S+)$", Pattern.MULTILINE);

    @TempDir
    Path directory;

    @AutoClose("shutdownNow")
    final ExecutorService threads = Executors.newCachedThreadPool();

    @Test
    @Covers(Fault.TERMINATED)
    void endsWithinTenSecondsAndAnotherNodeGoesOn() throws Exception {
        String database = TestPostgres.newDatabase();
        Sql sql = new Sql(database);
        List<AutoCloseable> clients = new ArrayList<>();
        try (PostfeedProcess first = PostfeedProcess.start(directory, Map.of("DATABASE_URL", database));
                PostfeedProcess second = PostfeedProcess.start(directory, Map.of("DATABASE_URL", database))) {
            int port = URI.create(first.awaitReady()).getPort();
            int otherPort = URI.create(second.awaitReady()).getPort();
            sql.run(
                    "insert into posts (title, content) select 'row', repeat('x', 1000) from generate_series(1, ?)",
                    ROWS);
            long before = sql.number("select max(id) from posts");

            StreamClient feed = keep(clients, new StreamClient(port, "/posts/feed", "text/event-stream"));
            feed.readHead();
            String events = feed.readUntil("event: caught-up");
            for (int i = 0; i < STUCK; i++) {
                keep(clients, new StreamClient(port, "/posts", NDJSON)).readHead();
            }
            StreamClient list = keep(clients, new StreamClient(port, "/posts", NDJSON));
            list.readHead();
            Upload upload = keep(clients, new Upload(port, "/posts", KEY));
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(upload, 40), threads);
            List<JsonNode> answered = new ArrayList<>();
            while (answered.size() < 1000) {
                answered.add(upload.line());
            }
            Api api = new Api(first.client());
            Answer user = api.post("/users", newUser()).expect(201);
            HeldRow held = keep(clients, new HeldRow(database, user.id()));
            CompletableFuture<Answer> waits = CompletableFuture.supplyAsync(
                    () -> api.patch(user.header("Location"), json("name", "Grace")), threads);
            Await.until(() -> sql.number("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                            + " and datname = current_database()")
                    == 1);

            CompletableFuture<List<JsonNode>> restOfAnswers =
                    CompletableFuture.supplyAsync(() -> readLines(upload), threads);
            CompletableFuture<String> restOfList = CompletableFuture.supplyAsync(() -> read(list), threads);
            CompletableFuture<String> restOfFeed = CompletableFuture.supplyAsync(() -> read(feed), threads);
            long asked = System.nanoTime();
            first.stop();
            Duration took = Duration.ofNanos(System.nanoTime() - asked);
            assertThat(took).isLessThan(LONGEST);
            assertThat(first.exitCode()).isEqualTo(143);
            assertThat(first.output()).doesNotContain("ERROR");
            sending.join();
            held.close();
            assertThat(waits).as("who waited for a lock").failsWithin(LONGEST);

            answered.addAll(restOfAnswers.join());
            assertThat(answered).hasSizeBetween(1000, LINES - 1);
            events += restOfFeed.join();
            assertThat(events).endsWith("\n\n");
            String rows = restOfList.join();

            List<JsonNode> whole = new ArrayList<>();
            try (Upload again = new Upload(otherPort, "/posts", KEY)) {
                CompletableFuture<Void> sendingAgain = CompletableFuture.runAsync(() -> send(again, 0), threads);
                whole.addAll(readLines(again));
                sendingAgain.join();
            }
            assertThat(whole)
                    .hasSize(LINES)
                    .allMatch(line -> line.path("status").asInt() == 201);
            List<JsonNode> stored = answered.stream()
                    .filter(line -> line.path("status").asInt() == 201)
                    .toList();
            assertThat(whole.subList(0, stored.size())).isEqualTo(stored);
            assertThat(sql.number("select count(*) from posts where title = 'line'"))
                    .isEqualTo(LINES);

            try (StreamClient goesOn = new StreamClient(
                    otherPort, "/posts/feed", "text/event-stream", "Last-Event-ID: " + last(EVENT_ID, events))) {
                goesOn.readHead();
                long end = sql.number("insert into posts (title) values ('end') returning id");
                events += goesOn.readUntil("\"id\":" + end + ",");
            }
            assertThat(ids(events).stream().filter(id -> Long.parseLong(id) > before))
                    .containsExactlyInAnyOrderElementsOf(sql.column("select id from posts where id > ?", before));

            String wholeLines = rows.substring(0, rows.lastIndexOf('\n') + 1);
            try (StreamClient goesOn =
                    new StreamClient(otherPort, "/posts?title=eq.row&id=gt." + last(ID, wholeLines), NDJSON)) {
                goesOn.readHead();
                wholeLines += goesOn.readBody();
            }
            assertThat(ids(wholeLines).stream().filter(id -> Long.parseLong(id) <= before))
                    .hasSize(ROWS)
                    .doesNotHaveDuplicates();
        } finally {
            for (AutoCloseable client : clients) {
                client.close();
            }
        }
    }

    private static <T extends AutoCloseable> T keep(List<AutoCloseable> clients, T client) {
        clients.add(client);
        return client;
    }

    private static void send(Upload upload, int pauseMillis) {
        String lines = IntStream.range(0, 50)
                .mapToObj(i -> json("title", "line") + "\n")
                .collect(Collectors.joining());
        try {
            for (int i = 0; i < LINES; i += 50) {
                upload.send(lines);
                Thread.sleep(pauseMillis);
            }
            upload.end();
        } catch (IOException e) {
            // The node has gone: the reader tells.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** To the end of the answer, or to where it was cut. */
    private static List<JsonNode> readLines(Upload upload) {
        List<JsonNode> lines = new ArrayList<>();
        try {
            for (JsonNode line = upload.line(); line != null; line = upload.line()) {
                lines.add(line);
            }
        } catch (IOException e) {
            // Cut.
        }
        return lines;
    }

    private static String read(StreamClient client) {
        StringBuilder text = new StringBuilder();
        try {
            for (byte[] chunk = client.readChunk(); chunk.length > 0; chunk = client.readChunk()) {
                text.append(new String(chunk, UTF_8));
            }
        } catch (EOFException | SocketException e) {
            return text.toString(); // Cut.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static List<String> ids(String text) {
        return ID.matcher(text).results().map(match -> match.group(1)).toList();
    }

    private static String last(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .reduce((before, after) -> after)
                .orElseThrow();
    }
}
