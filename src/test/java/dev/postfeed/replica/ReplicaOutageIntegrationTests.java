package dev.postfeed.replica;

import static dev.postfeed.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.Application;
import dev.postfeed.NoBlockingCalls;
import dev.postfeed.PrimaryAndStandby;
import dev.postfeed.PrimaryAndStandby.Replication;
import dev.postfeed.TestPostgres;
import dev.postfeed.replica.Replayed.NotReplayedException;
import dev.postfeed.web.Await;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.Connection;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** A replica that is lost, far behind, or no longer one. */
@ExtendWith(NoBlockingCalls.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplicaOutageIntegrationTests {

    private static final Duration LONG = Duration.ofSeconds(20);

    /** A read that was under way when the replica was lost: until it is found out, and what a busy machine adds. */
    private static final Duration LONGEST_READ = Duration.ofSeconds(4);

    @TempDir
    static Path directory;

    static TwoNodes nodes;

    Api first = nodes.api(0);
    Api second = nodes.api(1);

    @BeforeAll
    static void start() throws IOException, SQLException, InterruptedException {
        nodes = new TwoNodes(directory, "--postfeed.replica.max-lag=2s");
    }

    @AfterAll
    static void stop() throws IOException {
        nodes.close();
    }

    private static PostgresqlConnectionFactory connections(String url) {
        return new PostgresqlConnectionFactory(PostgresqlConnectionConfiguration.builder()
                .host("127.0.0.1")
                .port(URI.create(url).getPort())
                .username("postgres")
                .database("postgres")
                .build());
    }

    @Test
    void nobodyReadsOlderThanTheLongestLag() throws Exception {
        nodes.pause();
        Answer written = first.post("/posts", json("title", "old")).expect(201);
        second.get(written.header("Location")).expect(404);
        ReplicaWatch watch = nodes.bean(1, ReplicaWatch.class);
        Await.until(() -> !watch.isRecent());
        assertThat(watch.isUp()).isTrue();
        second.get(written.header("Location")).expect(200);
        nodes.resume();
        nodes.awaitReplica();
    }

    /** As behind an address of several servers: what one has does not speak for another. */
    @Test
    void aConnectionToAServerThatHasLessIsNotReadFrom() throws Exception {
        nodes.pause();
        nodes.onPrimary("insert into posts (title) values ('not there')");
        Replayed replayed = new Replayed();
        WalPosition newest = Mono.usingWhen(
                        connections(nodes.servers().firstUrl()).create(), Replayed::ask, Connection::close)
                .block(LONG);
        Mono<Void> onStandby = Mono.usingWhen(
                connections(nodes.servers().secondUrl()).create(),
                connection -> replayed.require(connection, newest),
                Connection::close);
        StepVerifier.create(onStandby)
                .expectErrorMatches(NotReplayedException::is)
                .verify(LONG);
        nodes.resume();
        StepVerifier.create(onStandby).expectComplete().verify(LONG);
        nodes.awaitReplica();
    }

    @Test
    void aReplicaThatIsLostCostsNoError() throws Exception {
        String path = first.post("/posts", json("title", "a")).expect(201).header("Location");
        nodes.servers().awaitCaughtUp();
        second.get(path).expect(200);
        double down = nodes.metric("postfeed_replica_fallbacks_total", "reason=\"down\"");
        nodes.partFromReplica();
        for (int i = 0; i < 30; i++) {
            long begun = System.nanoTime();
            second.get(path).expect(200);
            second.get("/posts?limit=2").expect(200);
            second.get("/posts", "Accept: text/csv").expect(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("read %d", i)
                    .isLessThan(LONGEST_READ);
        }
        assertThat(nodes.metric("postfeed_replica_fallbacks_total", "reason=\"down\""))
                .isGreaterThan(down + 60);
        second.get("/actuator/health/readiness").expect(200);
        nodes.joinReplica();
        nodes.awaitReplica();
        double reads = nodes.metric("postfeed_replica_reads_total");
        second.get(path).expect(200);
        assertThat(nodes.metric("postfeed_replica_reads_total")).isEqualTo(reads + 1);
    }

    @Test
    void anotherDatabaseIsNoReplica() throws Exception {
        try (ConfigurableApplicationContext node = SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--postfeed.feed.enabled=false",
                "--postfeed.database.url=" + TestPostgres.newDatabase(),
                "--postfeed.replica.url=" + nodes.servers().secondUrl())) {
            Api api = TwoNodes.api(node);
            ReplicaWatch watch = node.getBean(ReplicaWatch.class);
            Await.until(() -> watch.isUp());
            // As long as it takes to take it for one.
            Thread.sleep(2500);
            assertThat(watch.isRecent()).isFalse();
            assertThat(api.get("/posts").expect(200).body()).isEqualTo("[]");
        }
    }

    /** What was the replica is then one of itself. */
    @Test
    void aFailoverCostsAPositionNothingButTheReplica(@TempDir Path own) throws Exception {
        try (PrimaryAndStandby servers = new PrimaryAndStandby(own, Replication.SYNCHRONOUS);
                ConfigurableApplicationContext node = SpringApplication.run(
                        Application.class,
                        "--server.port=0",
                        "--postfeed.feed.enabled=false",
                        "--postfeed.database.url=" + servers.url(),
                        "--postfeed.replica.url=" + servers.secondUrl())) {
            Api api = TwoNodes.api(node);
            Answer before = api.post("/posts", json("title", "before")).expect(201);
            String position = PositionFilter.HEADER + ": " + before.header(PositionFilter.HEADER);
            servers.killPrimary();
            servers.promote();
            Await.until(() -> api.post("/posts", json("title", "after")).status() == 201);
            Answer after = api.post("/posts", json("title", "after")).expect(201);
            assertThat(after.header(PositionFilter.HEADER)).contains("-2-");
            api.get(before.header("Location"), position).expect(200);
            ReplicaWatch watch = node.getBean(ReplicaWatch.class);
            Await.until(watch::isRecent);
            api.get(before.header("Location"), position).expect(200);
            api.get(after.header("Location"), PositionFilter.HEADER + ": " + after.header(PositionFilter.HEADER))
                    .expect(200);
        }
    }

    /** The last one: what was the replica has a past of its own from then on. */
    @Test
    @Order(Integer.MAX_VALUE)
    void aReplicaThatWasPromotedIsNotReadFrom() throws Exception {
        nodes.servers().promote();
        ReplicaWatch watch = nodes.bean(1, ReplicaWatch.class);
        Await.until(() -> !watch.isRecent());
        for (int i = 0; i < 20; i++) {
            Answer written = first.post("/posts", json("title", "b")).expect(201);
            second.get(written.header("Location")).expect(200);
            second.get(written.header("Location"), PositionFilter.HEADER + ": " + written.header(PositionFilter.HEADER))
                    .expect(200);
        }
    }
}
