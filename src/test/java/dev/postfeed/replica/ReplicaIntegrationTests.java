package dev.postfeed.replica;

import static dev.postfeed.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.NoBlockingCalls;
import dev.postfeed.web.Await;
import dev.postfeed.web.StreamClient;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Two nodes that read from a standby, which is up to date, or behind. */
@ExtendWith(NoBlockingCalls.class)
class ReplicaIntegrationTests {

    private static final int PAIRS = Integer.getInteger("postfeed.replica.pairs", 10_000);
    private static final Duration LONG = Duration.ofMinutes(4);
    private static final String POSITION = PositionFilter.HEADER;

    @TempDir
    static Path directory;

    static TwoNodes nodes;

    Api first = nodes.api(0);
    Api second = nodes.api(1);

    @BeforeAll
    static void start() throws IOException, SQLException, InterruptedException {
        nodes = new TwoNodes(directory);
    }

    @AfterAll
    static void stop() throws IOException {
        nodes.close();
    }

    @BeforeEach
    void catchUp() throws SQLException, InterruptedException {
        nodes.resume();
        nodes.awaitReplica();
    }

    private static double fromReplica() {
        return nodes.metric("postfeed_replica_reads_total");
    }

    private static double fromPrimary(String reason) {
        return nodes.metric("postfeed_replica_fallbacks_total", "reason=\"" + reason + "\"");
    }

    private static String position(Answer written) {
        return POSITION + ": " + Objects.requireNonNull(written.header(POSITION));
    }

    @Test
    void readsGoToTheReplica() {
        String post = first.post("/posts", json("title", "a")).expect(201).header("Location");
        double before = fromReplica();
        second.get("/posts").expect(200);
        second.get("/posts", "Accept: text/csv").expect(200);
        second.get("/users/1/posts");
        second.get(post);
        assertThat(fromReplica()).isEqualTo(before + 4);
    }

    @Test
    void whoHandsBackHisPositionSeesWhatHeHasWritten() throws Exception {
        double behind = fromPrimary("behind");
        double replica = fromReplica();
        WritesAndReads clients = new WritesAndReads(nodes, true);
        boolean[] done = new boolean[1];
        Disposable running = clients.run(PAIRS)
                .doFinally(end -> {
                    synchronized (done) {
                        done[0] = true;
                    }
                })
                .subscribe();
        try {
            long end = System.nanoTime() + LONG.toNanos();
            while (!isOver(done) && System.nanoTime() < end) {
                Thread.sleep(500);
                nodes.pause();
                Thread.sleep(500);
                nodes.resume();
            }
        } finally {
            running.dispose();
        }
        assertThat(isOver(done)).isTrue();
        assertThat(clients.failed()).isZero();
        assertThat(clients.stale()).isZero();
        double fromReplica = fromReplica() - replica;
        double wasBehind = fromPrimary("behind") - behind;
        System.out.printf(
                "%d pairs: %.0f reads of the replica, %.0f of the primary instead%n", PAIRS, fromReplica, wasBehind);
        assertThat(fromReplica).isGreaterThan(PAIRS / 10.0);
        assertThat(wasBehind).isPositive();
    }

    private static boolean isOver(boolean[] done) {
        synchronized (done) {
            return done[0];
        }
    }

    /** So that the test before can fail. */
    @Test
    void whoDoesNotMayReadWhatWasBefore() throws Exception {
        nodes.pause();
        WritesAndReads clients = new WritesAndReads(nodes, false);
        clients.run(100).block(LONG);
        assertThat(clients.failed()).isZero();
        assertThat(clients.stale()).isPositive();
    }

    @Test
    void aReplicaThatIsBehindIsNotWaitedForLongerThanItMay() throws Exception {
        nodes.pause();
        Answer written = first.post("/posts", json("title", "late")).expect(201);
        String path = written.header("Location");
        for (int i = 0; i < 5; i++) {
            long begun = System.nanoTime();
            second.get(path, position(written)).expect(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(TwoNodes.MAX_WAIT.plusSeconds(2));
        }
        second.get(path).expect(404);
        // What has not come within the time that anybody waits is not waited for any more.
        Thread.sleep(1500);
        long begun = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            second.get(path, position(written)).expect(200);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(TwoNodes.MAX_WAIT.multipliedBy(20));
    }

    @Test
    void nowIsThePrimary() throws Exception {
        nodes.pause();
        Answer written = first.post("/posts", json("title", "now")).expect(201);
        double asked = fromPrimary("asked");
        second.get(written.header("Location"), POSITION + ": now").expect(200);
        assertThat(second.get("/posts?title=eq.now", POSITION + ": now").body()).contains("now");
        assertThat(fromPrimary("asked")).isEqualTo(asked + 2);
    }

    @Test
    void aReadWithIfMatchIsThePrimarys() throws Exception {
        nodes.pause();
        Answer written = first.post("/posts", json("title", "match")).expect(201);
        second.get(written.header("Location"), "If-Match: " + written.header("ETag"))
                .expect(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"OWN-1-7fffffffffffffff", "OWN-7f-1", "1-1-1", "ffffffffffffffff-ffffffff-7fffffffffffffff"})
    void aPositionOfAnotherPastIsWaitedForNoLonger(String text) {
        String here = first.post("/posts", json("title", "a")).header(POSITION);
        String lost = text.replace("OWN", here.substring(0, here.indexOf('-')));
        long begun = System.nanoTime();
        second.get("/posts?limit=1", POSITION + ": " + lost).expect(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(TwoNodes.MAX_WAIT.plusSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "0-1-1", "1-1", "1-1-", "1-01-1", "1-1-8000000000000000", "1-1-1-1", "NOW", "1-1-A"})
    void refusesWhatIsNoPosition(String wrong) {
        second.get("/posts", POSITION + ": " + wrong)
                .expectProblem(400, "invalid-parameter")
                .parameter(POSITION);
        second.get("/posts/1", POSITION + ": " + "1".repeat(1000) + "-1-1").expectProblem(400, "invalid-parameter");
        second.get("/users", POSITION + ": 1-1-1", POSITION + ": 1-1-2").expectProblem(400, "invalid-parameter");
    }

    /** Each kind of change, as the description of the API has it. */
    @Test
    void everyChangeTellsItsPosition() {
        for (String path : new String[] {"/users", "/posts"}) {
            Answer row = first.post(path, row(path)).expect(201);
            String address = Objects.requireNonNull(row.header("Location"));
            assertThat(row.header(POSITION)).matches("[0-9a-f]{1,16}-1-[0-9a-f]{1,16}");
            Answer[] others = {
                first.post(path, row(path), "Prefer: return=minimal").expect(201),
                first.post(path, row(path), "Idempotency-Key: \"" + UUID.randomUUID() + "\"")
                        .expect(201),
                first.post(path, "[" + row(path) + "]").expect(201),
                first.patch(address, "{}").expect(200),
                first.put(address, row(path), "If-Match: \"x\"").expect(412),
                first.patch(address, "{}", "If-Match: \"x\"").expect(412),
                first.delete(address, "If-Match: \"x\"").expect(412),
                first.put(address, row(path)).expect(200),
                first.delete(address).expect(204)
            };
            for (Answer other : others) {
                assertThat(other.header(POSITION)).matches("[0-9a-f]{1,16}-1-[0-9a-f]{1,16}");
            }
            assertThat(first.postLines(path, row(path) + "\n").expect(200).header(POSITION))
                    .isEqualTo("now");
            assertThat(first.put(address, row(path)).expect(404).headers().containsHeader(POSITION))
                    .isFalse();
        }
    }

    private static String row(String path) {
        return path.equals("/users") ? Api.newUser() : json("title", "a");
    }

    @Test
    void refusalsThatTellOfARowTellAPosition() {
        String taken = Api.newUser();
        first.post("/users", taken).expect(201);
        String other = Objects.requireNonNull(
                first.post("/users", Api.newUser()).expect(201).header("Location"));
        assertThat(first.post("/users", taken).expect(409).header(POSITION)).isNotNull();
        assertThat(first.put(other, taken).expect(409).header(POSITION)).isNotNull();
        assertThat(first.patch(other, taken).expect(409).header(POSITION)).isNotNull();
        assertThat(first.post("/users?on_conflict=email", taken, "Prefer: resolution=ignore-duplicates")
                        .expect(200)
                        .header(POSITION))
                .isNotNull();
    }

    /** The list is of before, and so is the position: the feed has what came between. */
    @Test
    void aListThatIsBehindHasAFeedThatGoesOnWithIt() throws Exception {
        // What is written and not flushed keeps the replica from all that could be seen, until the next commit.
        Await.until(() -> {
            double before = fromReplica();
            first.post("/posts", json("title", "a")).expect(201);
            second.get("/posts?order=id.desc").expect(200);
            return fromReplica() > before;
        });
        nodes.pause();
        // One who follows already: the node's own position is after the post.
        try (StreamClient follower = new StreamClient(nodes.port(1), "/posts/feed", "text/event-stream")) {
            follower.readHead();
            follower.readUntil("caught-up");
            first.post("/posts", json("title", "after the list")).expect(201);
            follower.readUntil("after the list");
            Answer list = second.get("/posts?order=id.desc");
            assertThat(list.body()).doesNotContain("after the list");
            String monitor = Objects.requireNonNull(list.link("monitor"));
            try (StreamClient feed = new StreamClient(nodes.port(1), monitor, "text/event-stream")) {
                feed.readHead();
                assertThat(feed.readUntil("caught-up")).contains("after the list");
            }
        }
    }

    @Test
    void aReplayHasWhatTheReplicaDoesNot() throws Exception {
        nodes.pause();
        Answer written = first.post("/posts", json("title", "replayed")).expect(201);
        String id = Objects.requireNonNull(written.header("Location")).substring("/posts/".length());
        try (StreamClient feed = new StreamClient(
                nodes.port(1), "/posts/feed?last_event_id=" + (Long.parseLong(id) - 1), "text/event-stream")) {
            feed.readHead();
            assertThat(feed.readUntil("caught-up")).contains("\"replayed\"");
        }
    }

    /** Once at least: where something is written that nobody flushes the primary is asked, until the next commit. */
    @Test
    void aReplayIsReadFromTheReplica() throws Exception {
        double before = fromReplica();
        for (int i = 0; i < 20 && fromReplica() == before; i++) {
            first.post("/posts", json("title", "a")).expect(201);
            try (StreamClient feed =
                    new StreamClient(nodes.port(1), "/posts/feed?last_event_id=earliest", "text/event-stream")) {
                feed.readHead();
                feed.readUntil("caught-up");
            }
        }
        assertThat(fromReplica()).isGreaterThan(before);
    }

    @Test
    void aStatementInTheWayOfTheReplayIsThePrimarysThen() throws Exception {
        nodes.standbyWaits("0");
        ReplicaReads reads = nodes.bean(0, ReplicaReads.class);
        double failed = fromPrimary("failed");
        CompletableFuture<String> read = reads.read(Slow.count(reads.connections()), Mono.just("primary"))
                .toFuture();
        Await.until(() -> Slow.isRunning(nodes));
        nodes.onPrimary("begin; lock table posts in access exclusive mode; commit");
        assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo("primary");
        assertThat(fromPrimary("failed")).isEqualTo(failed + 1);
        assertThat(nodes.bean(0, ReplicaWatch.class).isUp()).isTrue();
        nodes.standbyWaits("30s");
    }
}
