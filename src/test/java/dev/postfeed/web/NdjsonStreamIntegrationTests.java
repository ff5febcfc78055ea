package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newEmail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.postfeed.Api;
import dev.postfeed.HeldRow;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import io.r2dbc.pool.ConnectionPool;
import java.io.IOException;
import java.net.SocketException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/** Uploads of lines that are slow, cut, broken, or that nobody reads the answers of; and databases that fail on the way. */
@PostfeedTest
class NdjsonStreamIntegrationTests {

    private static final String KIB = "x".repeat(1000);

    @LocalServerPort
    int port;

    @Autowired
    ConnectionPool pool;

    @Value("${postfeed.database.url}")
    String database;

    Api api;
    Sql sql;
    String title;

    @BeforeEach
    void connect(@Autowired WebTestClient client) {
        api = new Api(client);
        sql = new Sql(database);
        title = UUID.randomUUID().toString();
    }

    @AfterEach
    void nobodyHoldsAConnection() throws InterruptedException {
        Await.until(() -> pool.getMetrics().orElseThrow().acquiredSize() == 0
                && pool.getMetrics().orElseThrow().pendingAcquireSize() == 0);
        api.get("/posts?limit=1").expect(200);
    }

    @Test
    void answersALineWhileTheUploadIsOpen() throws IOException {
        try (Upload upload = new Upload(port, "/posts")) {
            for (int i = 1; i <= 50; i++) {
                upload.send(post() + "\n");
                JsonNode answer = upload.line();
                assertThat(answer.path("line").asInt()).isEqualTo(i);
                assertThat(answer.path("status").asInt()).isEqualTo(201);
                assertThat(stored()).isEqualTo(i);
            }
            upload.send(post());
            upload.end();
            assertThat(upload.line().path("line").asInt()).isEqualTo(51);
            assertThat(upload.line()).isNull();
        }
    }

    @Test
    void theConnectionServesTheNextRequestToo() throws IOException {
        try (Upload upload = new Upload(port, "/posts")) {
            upload.send(post() + "\n{\n" + post() + "\n");
            assertThat(upload.line().path("status").asInt()).isEqualTo(201);
            assertThat(upload.line().path("status").asInt()).isEqualTo(400);
            // The answer is whole before the upload is: what still comes is read and thrown away.
            assertThat(upload.line()).isNull();
            for (int i = 0; i < 1000; i++) {
                upload.send(post() + KIB + "\n");
            }
            upload.end();
        }
        assertThat(stored()).isEqualTo(1);
    }

    /** What comes while the database is at work is one statement, not one a line. */
    @Test
    void whatArrivesMeanwhileIsOneStatement() throws Exception {
        long user = newUser();
        try (Upload upload = new Upload(port, "/posts")) {
            try (HeldRow lock = new HeldRow(database, user)) {
                upload.send(post(user) + "\n");
                awaitWaiting();
                for (int i = 0; i < 500; i++) {
                    upload.send(post(user) + "\n");
                }
                Thread.sleep(500);
                assertThat(lock).isNotNull();
            }
            for (int i = 1; i <= 501; i++) {
                assertThat(upload.line().path("status").asInt()).isEqualTo(201);
            }
        }
        // created_at is the time of the statement.
        assertThat(sql.number("select count(distinct created_at) from posts where title = ?", title))
                .isEqualTo(2);
    }

    /** A database that is held up holds the upload up: not the memory, and not a second connection. */
    @Test
    void aDatabaseThatWaitsStopsTheUpload() throws Exception {
        long user = newUser();
        try (Upload upload = new Upload(port, "/posts")) {
            AtomicLong sent = new AtomicLong();
            CompletableFuture<Void> writer;
            try (HeldRow lock = new HeldRow(database, user)) {
                writer = send(upload, json("title", title, "content", KIB, "user_id", user) + "\n", 40_000, sent);
                long stalled = awaitStall(sent::get);
                assertThat(stalled).as("KiB that were taken").isBetween(100L, 20_000L);
                assertThat(pool.getMetrics().orElseThrow().acquiredSize()).isEqualTo(1);
                assertThat(lock).isNotNull();
            }
            for (int i = 1; i <= 40_000; i++) {
                assertThat(upload.line().path("line").asInt()).isEqualTo(i);
            }
            writer.get();
            upload.end();
            assertThat(upload.line()).isNull();
        }
        assertThat(stored()).isEqualTo(40_000);
    }

    /** Who does not read the answers is not written for: these wait in the sockets, and no more than one batch's here. */
    @Test
    void aClientThatDoesNotReadStopsItsOwnUpload() throws Exception {
        String lines = "{}\n".repeat(9) + post() + "\n";
        try (Upload upload = new Upload(port, "/posts", "Prefer: handling=lenient")) {
            CompletableFuture<Void> writer = send(upload, lines, 20_000, new AtomicLong());
            AtomicLong written = new AtomicLong();
            awaitStall(() -> {
                written.set(stored());
                return written.get();
            });
            // 64 batches more if Reactor Netty had its way.
            assertThat(written.get() * 10).as("lines that were written").isBetween(1000L, 50_000L);
            assertThat(pool.getMetrics().orElseThrow().acquiredSize()).isZero();
            for (int i = 1; i <= 200_000; i++) {
                assertThat(upload.line().path("status").asInt()).isEqualTo(i % 10 == 0 ? 201 : 422);
            }
            writer.get();
            upload.end();
            assertThat(upload.line()).isNull();
        }
        assertThat(stored()).isEqualTo(20_000);
    }

    @Test
    @Covers(Fault.LINES_BROKEN)
    void aClientThatGoesLeavesWholeLinesOnly() throws Exception {
        for (int round = 0; round < 30; round++) {
            String key = "Idempotency-Key: \"" + UUID.randomUUID() + "\"";
            try (Upload upload = new Upload(port, "/posts", round % 2 == 0 ? "X: y" : key)) {
                upload.send((post() + "\n").repeat(1 + round * 40));
                if (round % 3 == 0) {
                    upload.line();
                }
                upload.send(post());
                Thread.sleep(round % 5);
                if (round % 4 < 2) {
                    upload.socket().setSoLinger(true, 0); // A reset, not an end.
                }
            }
        }
        nobodyHoldsAConnection();
        // Each round's last line had no end.
        assertThat(stored()).isLessThanOrEqualTo(30 + 40 * 29 * 30 / 2);
    }

    @Test
    @Covers(Fault.LINES_BROKEN)
    void aLineThatHadNoEndWhenTheUploadWasCutIsNotStored() throws Exception {
        try (Upload upload = new Upload(port, "/posts")) {
            upload.send(post() + "\n" + post());
            assertThat(upload.line().path("line").asInt()).isEqualTo(1);
            upload.socket().shutdownOutput();
            assertThatThrownBy(upload::line).isInstanceOf(IOException.class);
        }
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    @Covers(Fault.LINES_BROKEN)
    void aBrokenChunkCutsTheAnswer() throws Exception {
        try (Upload upload = new Upload(port, "/posts")) {
            upload.send(post() + "\n" + post());
            assertThat(upload.line().path("line").asInt()).isEqualTo(1);
            upload.raw("zz\r\n" + post() + "\n");
            assertThatThrownBy(upload::line).isInstanceOf(IOException.class);
        }
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void aBrokenChunkBeforeTheAnswerIsAProblem() throws Exception {
        try (Upload upload = new Upload(port, "/posts")) {
            upload.send(post());
            upload.raw("zz\r\n\r\n");
            assertThat(upload.head()).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
        }
        assertThat(stored()).isZero();
    }

    /** FAULTS 2: what is answered 201 is there, the rest is said to be not known, by the first line without an answer. */
    @Test
    @Covers(Fault.CONNECTION_TERMINATED)
    void aConnectionThatIsEndedOnTheWayIsSaidInTheLastLine() throws Exception {
        long user = newUser();
        int stored = 0;
        try (Upload upload = new Upload(port, "/posts", "Prefer: handling=lenient")) {
            upload.send(post() + "\n");
            assertThat(upload.line().path("status").asInt()).isEqualTo(201);
            try (HeldRow lock = new HeldRow(database, user)) {
                upload.send(post(user) + "\n" + post() + "\n");
                awaitWaiting();
                terminate();
                JsonNode last = upload.line();
                assertThat(last.path("line").asInt()).isEqualTo(2);
                assertThat(last.path("status").asInt()).isEqualTo(503);
                assertThat(last.at("/problem/type").asString()).isEqualTo("/problems/database-unavailable");
                assertThat(last.at("/problem/detail").asString()).contains("trace id");
                assertThat(last.at("/problem").has("instance")).isFalse();
                assertThat(upload.line()).isNull();
                assertThat(lock).isNotNull();
            }
        }
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    @Covers(Fault.CONNECTION_TERMINATED)
    void aConnectionThatIsEndedBeforeTheFirstAnswerIsAProblem() throws Exception {
        long user = newUser();
        try (Upload upload = new Upload(port, "/posts");
                HeldRow lock = new HeldRow(database, user)) {
            upload.send(post(user) + "\n");
            awaitWaiting();
            terminate();
            assertThat(upload.head())
                    .startsWith("HTTP/1.1 503 ")
                    .contains("etry-")
                    .contains("problem+json");
            assertThat(lock).isNotNull();
        }
        assertThat(stored()).isZero();
    }

    /** PostgreSQL checks what is deferred after it has answered with the rows: these are not stored yet. */
    @Test
    void aRowWhoseCommitFailsIsNotAnswered201() throws Exception {
        sql.run("create function refuse_late() returns trigger language plpgsql as"
                + " $$ begin raise exception 'late' using errcode = '53100'; end $$");
        sql.run("create constraint trigger late after insert on posts deferrable initially deferred"
                + " for each row when (new.content = 'late') execute function refuse_late()");
        try {
            String late = json("title", title, "content", "late");
            // First, since the first batch may be as short as a line.
            String lines = late + "\n" + post();
            String array = "[" + (post() + ",").repeat(2000) + late + "]";
            api.postLines("/posts", lines).expectProblem(503, "storage-full");
            api.postLines("/posts", lines, "Idempotency-Key: \"" + title + "\"").expectProblem(503, "storage-full");
            api.post("/posts", array).expectProblem(503, "storage-full");
            api.post("/posts", late).expectProblem(503, "storage-full");
            assertThat(stored()).isZero();
        } finally {
            sql.run("drop function refuse_late cascade");
        }
    }

    /** A thread that writes a line so many times, in chunks; how many it has written. */
    private static CompletableFuture<Void> send(Upload upload, String line, int times, AtomicLong sent) {
        return CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < times; i += 10) {
                    upload.send(line.repeat(10));
                    sent.addAndGet(10);
                }
            } catch (SocketException e) {
                fail("the connection was closed after " + sent + " lines", e);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static long awaitStall(LongSupplier progress) throws InterruptedException {
        long before = 0;
        long now = progress.getAsLong();
        while (now != before || now == 0) {
            before = now;
            Thread.sleep(1000);
            now = progress.getAsLong();
        }
        return now;
    }

    private void awaitWaiting() throws InterruptedException {
        Await.until(() -> sql.number("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                        + " and datname = current_database()")
                > 0);
    }

    private void terminate() {
        sql.number("select count(pg_terminate_backend(pid)) from pg_stat_activity"
                + " where datname = current_database() and application_name = 'postfeed'");
    }

    private long newUser() {
        return api.post("/users", json("name", "A", "email", newEmail()))
                .expect(201)
                .id();
    }

    private long stored() {
        return sql.number("select count(*) from posts where title = ?", title);
    }

    private String post() {
        return json("title", title);
    }

    private String post(long user) {
        return json("title", title, "user_id", user);
    }
}
