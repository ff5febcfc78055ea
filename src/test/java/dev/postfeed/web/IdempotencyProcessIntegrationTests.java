package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedProcess;
import dev.postfeed.Sql;
import dev.postfeed.TestPostgres;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Uploads and the processes that serve them. */
@Timeout(300)
class IdempotencyProcessIntegrationTests {

    private static final int LINES = 100_000;

    @TempDir
    Path directory;

    /** FAULTS 23: killed in the middle, and once more in the middle of the retry. */
    @Test
    @Covers(Fault.KILLED_IN_UPLOAD)
    void aKilledNodeAndARetryStoreEveryLineOnce() throws Exception {
        String database = TestPostgres.newDatabase();
        Sql sql = new Sql(database);
        List<JsonNode> first = uploadAndKillAfter(database, 20_000);
        assertThat(first.size()).isBetween(20_000, LINES - 1);
        List<JsonNode> second = uploadAndKillAfter(database, 50_000);
        assertThat(second.size()).isBetween(50_000, LINES - 1);
        List<JsonNode> whole = uploadAndKillAfter(database, LINES);
        assertThat(whole).hasSize(LINES);
        assertThat(whole.subList(0, first.size())).isEqualTo(first);
        assertThat(whole.subList(0, second.size())).isEqualTo(second);
        assertThat(sql.number("select count(*) from posts")).isEqualTo(LINES);
        String ids = whole.stream().map(line -> line.path("id").asString()).collect(Collectors.joining(",", "{", "}"));
        assertThat(sql.number(
                        "select count(*) from unnest(?::bigint[]) with ordinality as answered (id, line)"
                                + " join posts p on p.id = answered.id and p.title = 'line ' || answered.line",
                        ids))
                .isEqualTo(LINES);
    }

    /** What is answered until the node is killed; all of it when there are no more lines than that. */
    private List<JsonNode> uploadAndKillAfter(String database, int answers) throws Exception {
        List<JsonNode> read = new ArrayList<>();
        try (PostfeedProcess postfeed = PostfeedProcess.start(directory, Map.of("DATABASE_URL", database));
                Upload upload = new Upload(
                        URI.create(postfeed.awaitReady()).getPort(), "/posts", "Idempotency-Key: \"the upload\"")) {
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> send(upload));
            try {
                for (JsonNode line = upload.line(); line != null; line = upload.line()) {
                    assertThat(line.path("line").asInt()).isEqualTo(read.size() + 1);
                    assertThat(line.path("status").asInt()).as("%s", line).isEqualTo(201);
                    read.add(line);
                    if (read.size() == answers && answers < LINES) {
                        postfeed.kill();
                    }
                }
            } catch (IOException e) {
                assertThat(postfeed.isAlive()).as("%s", e).isFalse();
            }
            writer.join();
        }
        return read;
    }

    private static void send(Upload upload) {
        try {
            for (int i = 0; i < LINES; i += 100) {
                StringBuilder lines = new StringBuilder();
                for (int line = i + 1; line <= i + 100; line++) {
                    lines.append(json("title", "line " + line)).append('\n');
                }
                upload.send(lines.toString());
            }
            upload.end();
        } catch (IOException e) {
            // The node was killed: the reader tells.
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0    | POSTFEED_IDEMPOTENCY_EXPIRY=0s: must be more than 0 seconds
            -5   | POSTFEED_IDEMPOTENCY_EXPIRY=-5s: must be more than 0 seconds
            soon | POSTFEED_IDEMPOTENCY_EXPIRY=soon: must be a number of seconds, or a number with a unit such as 500ms, 30s, 5m, 1h
            """)
    void refusesABadExpiry(String value, String line) {
        try (PostfeedProcess postfeed = PostfeedProcess.start(
                directory, Map.of("DATABASE_URL", TestPostgres.newDatabase(), "POSTFEED_IDEMPOTENCY_EXPIRY", value))) {
            assertThat(postfeed.awaitExit().lines()).contains(line);
            assertThat(postfeed.exitCode()).isNotZero();
        }
    }
}
