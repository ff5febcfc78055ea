package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.AtOnce;
import dev.postfeed.HeldRow;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Scrape;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

@PostfeedTest
@TestPropertySource(
        properties = {"postfeed.pool.size=1", "postfeed.pool.max-overflow=0", "postfeed.pool.max-waiting=0"})
@DirtiesContext
class FullQueueIntegrationTests {

    /** Far less than the pool's timeout of 30 s. */
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    @Test
    @Covers(Fault.POOL_EXHAUSTED)
    void whereNobodyMayWaitARequestIsRefusedAtOnce(
            @Autowired WebTestClient client,
            @Autowired ConnectionPool pool,
            @Value("${postfeed.database.url}") String url)
            throws Exception {
        Api api = new Api(client);
        Answer held = api.post("/users", newUser()).expect(201);
        String path = held.header("Location");
        CompletableFuture<Answer> change;
        try (HeldRow row = new HeldRow(url, held.id())) {
            change = CompletableFuture.supplyAsync(() -> api.patch(path, json("name", "Grace")));
            Await.until(() -> pool.getMetrics().orElseThrow().acquiredSize() == 1);
            long start = System.nanoTime();
            for (Answer answer : AtOnce.call(8, number -> api.get("/users"))) {
                answer.expectProblem(503, "overloaded");
                assertThat(answer.header("Retry-After")).isEqualTo("1");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
            assertThat(Scrape.of(api).sum("postfeed_pool_refusals_total", "reason=\"full\""))
                    .isPositive();
            assertThat(change).isNotDone();
        }
        change.get().expect(200);
        Await.until(() -> pool.getMetrics().orElseThrow().acquiredSize() == 0);
        assertThat(api.get(path).expect(200).text("/name")).isEqualTo("Grace");
    }

    /** Whoever asked for a connection would be told that there is none. */
    @Test
    @Covers(Fault.BODY_MALFORMED)
    void whatIsMalformedIsSaidBeforeTheDatabaseIsAsked(
            @Autowired WebTestClient client,
            @Autowired ConnectionPool pool,
            @Value("${postfeed.database.url}") String url,
            @LocalServerPort int port)
            throws Exception {
        Api api = new Api(client);
        Answer held = api.post("/users", newUser()).expect(201);
        CompletableFuture<Answer> change;
        try (HeldRow row = new HeldRow(url, held.id())) {
            change = CompletableFuture.supplyAsync(() -> api.patch(held.header("Location"), json("name", "Grace")));
            Await.until(() -> pool.getMetrics().orElseThrow().acquiredSize() == 1);
            api.get("/users").expectProblem(503, "overloaded");
            List<MalformedRequest> all = Stream.concat(
                            MalformedBodies.rows(), InvalidValues.rows(held.header("Location")))
                    .filter(request -> !request.needsRows())
                    .toList();
            assertThat(all).hasSizeGreaterThan(100);
            for (MalformedRequest request : all) {
                request.check(request.send(port));
            }
            assertThat(row).isNotNull();
        }
        change.get().expect(200);
    }

    /** Two transactions of an upload are at work at once where there are connections for both. */
    @Test
    void anUploadGetsThroughOnOneConnection(@Autowired WebTestClient client) {
        Api api = new Api(client);
        long user = api.post("/users", newUser()).expect(201).id();
        String line = json("title", "On one connection", "user_id", user);
        List<JsonNode> lines = api.postLines("/posts", String.join("\n", Collections.nCopies(10_000, line)))
                .expect(200)
                .lines();
        assertThat(lines)
                .hasSize(10_000)
                .allSatisfy(each -> assertThat(each.path("status").asInt()).isEqualTo(201));
        assertThat(lines.stream().map(each -> each.path("id").asLong()).toList())
                .isSorted();
    }
}
