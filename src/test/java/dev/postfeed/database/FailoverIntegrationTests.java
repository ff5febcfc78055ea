package dev.postfeed.database;

import static dev.postfeed.Api.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedProcess;
import dev.postfeed.PrimaryAndStandby;
import dev.postfeed.PrimaryAndStandby.Replication;
import dev.postfeed.SilentProxy;
import dev.postfeed.Sql;
import dev.postfeed.database.FailoverWriters.Acknowledged;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FAULTS 28: a primary that dies, is cut off, or becomes read-only under load, and a standby that is promoted in its place. */
@Covers(Fault.PRIMARY_LOST)
class FailoverIntegrationTests {

    private static final int WRITERS = 8;
    private static final Duration RESUMED = Duration.ofSeconds(10);
    private static final String RENEWED = "All connections to the database are made anew";

    @TempDir
    Path directory;

    @Test
    void nothingAcknowledgedIsLostWithASynchronousStandby() throws Exception {
        try (PrimaryAndStandby servers = new PrimaryAndStandby(directory, Replication.SYNCHRONOUS);
                PostfeedProcess node = start(servers.url());
                FailoverWriters writers = new FailoverWriters(node.awaitReady(), WRITERS)) {
            Thread.sleep(3000);
            servers.killPrimary();
            Thread.sleep(1000);
            long promoted = promote(servers);
            Thread.sleep(RESUMED.toMillis() / 2);
            writers.stop();

            report("primary killed, synchronous", writers, promoted);
            assertThat(writers.refusals()).isPositive();
            List<String> titles = titles(servers);
            assertThat(titles).doesNotHaveDuplicates();
            assertThat(new HashSet<>(titles)).containsAll(acknowledged(writers));
        }
    }

    /** Not even where its requests are given up: a commit whose wait is cancelled is answered as one that has been replicated. */
    @Test
    void withoutItsStandbyASynchronousPrimaryAcknowledgesNothing() throws Exception {
        try (PrimaryAndStandby servers = new PrimaryAndStandby(directory, Replication.SYNCHRONOUS);
                PostfeedProcess node = start(servers.url())) {
            Api api = new Api(node.client()
                    .mutate()
                    .responseTimeout(Duration.ofSeconds(60))
                    .build());
            api.post("/posts", json("title", "before")).expect(201);
            servers.holdBack();
            CompletableFuture<Answer> plain =
                    CompletableFuture.supplyAsync(() -> api.post("/posts", json("title", "plain")));
            CompletableFuture<Answer> keyed = CompletableFuture.supplyAsync(
                    () -> api.post("/posts", json("title", "keyed"), "Idempotency-Key: \"k\""));
            plain.join().expectProblem(503, "database-unavailable");
            keyed.join().expectProblem(503, "database-unavailable");

            servers.killPrimary();
            servers.promote();
            await().atMost(RESUMED)
                    .until(() -> api.post("/posts", json("title", "keyed"), "Idempotency-Key: \"k\"")
                                    .status()
                            == 201);
            assertThat(titles(servers)).containsExactlyInAnyOrder("before", "keyed");
        }
    }

    @Test
    void onlyTheTailIsLostWithAnAsynchronousStandby() throws Exception {
        try (PrimaryAndStandby servers = new PrimaryAndStandby(directory, Replication.ASYNCHRONOUS);
                PostfeedProcess node = start(servers.url());
                FailoverWriters writers = new FailoverWriters(node.awaitReady(), WRITERS)) {
            Thread.sleep(2000);
            long heldBack = System.nanoTime();
            servers.awaitCaughtUp();
            servers.holdBack();
            Thread.sleep(1000);
            long killed = System.nanoTime();
            servers.killPrimary();
            long promoted = promote(servers);
            Thread.sleep(RESUMED.toMillis() / 2);
            writers.stop();

            report("primary killed, asynchronous", writers, promoted);
            Set<String> titles = new HashSet<>(titles(servers));
            List<Acknowledged> lost = writers.acknowledged().stream()
                    .filter(post -> !titles.contains(post.title()))
                    .toList();
            System.out.println(
                    "  lost " + lost.size() + " of " + writers.acknowledged().size());
            assertThat(lost)
                    .isNotEmpty()
                    .allSatisfy(post -> assertThat(post.answeredAt()).isBetween(heldBack, promoted));
            // Of each writer the last ones of the old primary, and none before one that is there.
            lost.forEach(post -> assertThat(writers.acknowledged())
                    .filteredOn(other -> other.writer() == post.writer()
                            && other.answeredAt() > post.answeredAt()
                            && other.answeredAt() < killed)
                    .allSatisfy(other -> assertThat(titles).doesNotContain(other.title())));
        }
    }

    @Test
    void aPrimaryThatIsCutOffHoldsNobodyUp() throws Exception {
        try (PrimaryAndStandby servers = new PrimaryAndStandby(directory, Replication.ASYNCHRONOUS);
                SilentProxy way = new SilentProxy(servers.first().port());
                PostfeedProcess node = start("postgresql://postgres@127.0.0.1:" + way.port() + ",127.0.0.1:"
                        + servers.second().port() + "/postgres");
                FailoverWriters writers = new FailoverWriters(node.awaitReady(), WRITERS)) {
            Thread.sleep(2000);
            way.silence(true);
            way.cut();
            servers.awaitCaughtUp();
            long promoted = promote(servers);
            Thread.sleep(RESUMED.toMillis());
            writers.stop();

            report("primary cut off", writers, promoted);
            assertThat(titles(servers)).doesNotHaveDuplicates().containsAll(acknowledged(writers));
        }
    }

    @Test
    void onceAWriteMeetsAReadOnlyServerNoConnectionToItIsUsedAgain() throws Exception {
        try (PrimaryAndStandby servers = new PrimaryAndStandby(directory, Replication.SYNCHRONOUS);
                PostfeedProcess node = start(servers.url());
                FailoverWriters writers = new FailoverWriters(node.awaitReady(), WRITERS)) {
            Thread.sleep(2000);
            servers.run("alter system set default_transaction_read_only = on");
            servers.run("select pg_reload_conf()");
            await().atMost(RESUMED).until(() -> node.output().contains("25006"));
            long promoted = promote(servers);
            Thread.sleep(RESUMED.toMillis() / 2);
            writers.stop();

            report("primary read-only", writers, promoted);
            assertThat(titles(servers)).doesNotHaveDuplicates().containsAll(acknowledged(writers));
            assertThat(node.output()).contains(RENEWED + ": the server has become read-only");
            // A session whose commit waits for the standby does not see that its client has gone.
            assertThat(new Sql(servers.firstUrl())
                            .column("select application_name || ' ' || coalesce(wait_event, '') from pg_stat_activity"
                                    + " where application_name ~ '^postfeed'"))
                    .allMatch("postfeed SyncRep"::equals);
        }
    }

    @Test
    void whoOnlyReadsGetsNoStaleRowsFromAServerThatHasBecomeReadOnly() throws Exception {
        try (PrimaryAndStandby servers = new PrimaryAndStandby(directory, Replication.ASYNCHRONOUS);
                PostfeedProcess node = start(servers.url())) {
            Api api = new Api(node.client());
            String post = api.post("/posts", json("title", "old")).expect(201).header("Location");
            servers.awaitCaughtUp();
            servers.run("alter system set default_transaction_read_only = on");
            servers.run("select pg_reload_conf()");
            servers.promote();
            servers.run("update posts set title = 'new'");
            long begun = System.nanoTime();
            await().atMost(RESUMED).pollInterval(Duration.ofMillis(20)).until(() -> {
                Answer answer = api.get(post);
                return answer.status() == 200 && answer.body().contains("\"new\"");
            });
            System.out.printf(
                    "read-only primary, reads alone: stale for %d ms%n", (System.nanoTime() - begun) / 1_000_000);
            api.get("/actuator/health/readiness").expect(200);
        }
    }

    @Test
    void aFormerPrimaryThatComesBackAsAStandbyIsLeftAlone() throws Exception {
        try (PrimaryAndStandby servers = new PrimaryAndStandby(directory, Replication.ASYNCHRONOUS);
                PostfeedProcess node = start(servers.url())) {
            Api api = new Api(node.client());
            api.post("/posts", json("title", "first")).expect(201);
            servers.switchOver();
            await().atMost(RESUMED)
                    .until(() -> api.post("/posts", json("title", "second")).status() == 201);
            for (int i = 0; i < 20; i++) {
                api.post("/posts", json("title", "more")).expect(201);
            }
            api.get("/actuator/health/readiness").expect(200);
            // A node that starts finds the standby first in its list.
            try (PostfeedProcess another = start(servers.url())) {
                new Api(another.client()).post("/posts", json("title", "other")).expect(201);
            }
        }
    }

    @Test
    void withoutAPrimaryItIsUnreadyAndSaysSoFast() throws Exception {
        try (PrimaryAndStandby servers = new PrimaryAndStandby(directory, Replication.ASYNCHRONOUS);
                PostfeedProcess node = start(servers.url())) {
            Api api = new Api(node.client());
            api.post("/posts", json("title", "first")).expect(201);
            servers.killPrimary();
            for (int i = 0; i < 20; i++) {
                long begun = System.nanoTime();
                Answer answer = i % 2 == 0 ? api.get("/posts") : api.post("/posts", json("title", "second"));
                answer.expectProblem(503, "database-unavailable");
                assertThat(answer.header("Retry-After")).isNotNull();
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
            }
            assertThat(api.get("/actuator/health/readiness").status()).isEqualTo(503);
            api.get("/actuator/health/liveness").expect(200);
        }
    }

    private PostfeedProcess start(String url) {
        return PostfeedProcess.start(directory, Map.of("DATABASE_URL", url));
    }

    private static long promote(PrimaryAndStandby servers) throws Exception {
        servers.promote();
        return System.nanoTime();
    }

    private static void report(String what, FailoverWriters writers, long promoted) {
        Duration resumed = writers.resumedAfter(promoted);
        System.out.printf(
                "%s: %d posts acknowledged, %d answers 503, the longest after %d ms; written again %d ms after the promotion%n",
                what,
                writers.acknowledged().size(),
                writers.refusals(),
                writers.longestAnswer().toMillis(),
                resumed.toMillis());
        assertThat(writers.violations()).isEmpty();
        assertThat(resumed).isLessThan(RESUMED);
    }

    private static Set<String> acknowledged(FailoverWriters writers) {
        return writers.acknowledged().stream().map(Acknowledged::title).collect(Collectors.toSet());
    }

    /** All that are on the primary. */
    private static List<String> titles(PrimaryAndStandby servers) {
        return new Sql(servers.secondUrl()).column("select title from posts");
    }
}
