package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedProcess;
import dev.postfeed.ProcessMemory;
import dev.postfeed.Sql;
import dev.postfeed.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A million posts of a kilobyte, out and in, through a service whose whole heap is 192 MiB. */
class LargeStreamIntegrationTests {

    private static final int POSTS = 1_000_000;
    private static final int LINES_AT_ONCE = 100;
    private static final String CONTENT = "x".repeat(940);

    /** What may stay behind: caches, code that has become known, a few connections' buffers. */
    private static final long SLACK = 8 << 20;

    static String database;
    static Sql sql;
    static PostfeedProcess postfeed;
    static int port;

    @BeforeAll
    static void start(@TempDir Path directory) {
        database = TestPostgres.newDatabase();
        sql = new Sql(database);
        postfeed = PostfeedProcess.start(directory, Map.of("DATABASE_URL", database));
        port = URI.create(postfeed.awaitReady()).getPort();
    }

    @AfterAll
    static void stop() {
        postfeed.close();
        sql.run("drop table posts, users cascade"); // A gigabyte or two.
    }

    @Test
    void aMillionPostsArriveWholeInBothDirections() throws Exception {
        ingest(1000);
        download();
        long before = ProcessMemory.heapInUse(postfeed);

        sql.run("truncate posts");
        ingest(POSTS);
        assertThat(sql.number("select count(*) from posts where content = ?", CONTENT))
                .isEqualTo(POSTS);
        assertThat(ProcessMemory.heapInUse(postfeed)).isLessThan(before + SLACK);

        assertThat(download()).isEqualTo(POSTS);
        assertThat(ProcessMemory.heapInUse(postfeed)).isLessThan(before + SLACK);
    }

    /** Every line is answered by an id of its own, in order. */
    private static void ingest(int posts) throws IOException {
        try (Upload upload = new Upload(port, "/posts")) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(upload, posts));
            long lastId = 0;
            for (int line = 1; line <= posts; line++) {
                JsonNode answer = upload.line();
                assertThat(answer.path("line").asLong()).isEqualTo(line);
                assertThat(answer.path("status").asInt()).isEqualTo(201);
                assertThat(answer.path("id").asLong()).isGreaterThan(lastId);
                lastId = answer.path("id").asLong();
            }
            assertThat(upload.line()).isNull();
            sending.join();
        }
    }

    private static void send(Upload upload, int posts) {
        try {
            StringBuilder lines = new StringBuilder();
            for (int i = 1; i <= posts; i++) {
                lines.append("{\"title\":\"Post ").append(i).append("\",\"content\":\"" + CONTENT + "\"}\n");
                if (i % LINES_AT_ONCE == 0) {
                    upload.send(lines.toString());
                    lines.setLength(0);
                }
            }
            upload.end();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many there are, each with a greater id than the last. */
    private static long download() throws IOException {
        try (StreamClient client = new StreamClient(port, "/posts?select=id,title,content", "application/x-ndjson")) {
            assertThat(client.readHead()).startsWith("HTTP/1.1 200");
            long rows = 0;
            long lastId = 0;
            StringBuilder rest = new StringBuilder();
            for (byte[] chunk = client.readChunk(); chunk.length > 0; chunk = client.readChunk()) {
                rest.append(new String(chunk, java.nio.charset.StandardCharsets.US_ASCII));
                int end;
                int start = 0;
                while ((end = rest.indexOf("\n", start)) >= 0) {
                    long id = Long.parseLong(rest, "{\"id\":".length() + start, rest.indexOf(",", start), 10);
                    assertThat(id).isGreaterThan(lastId);
                    assertThat(rest.substring(end - 3, end)).isEqualTo("x\"}");
                    lastId = id;
                    start = end + 1;
                    rows++;
                }
                rest.delete(0, start);
            }
            assertThat(rest).isEmpty();
            return rows;
        }
    }
}
