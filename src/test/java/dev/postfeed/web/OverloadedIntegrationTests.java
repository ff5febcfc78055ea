package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.HeldRow;
import dev.postfeed.PostfeedTest;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

@PostfeedTest
@TestPropertySource(properties = {"postfeed.pool.size=1", "postfeed.pool.max-overflow=0", "postfeed.pool.timeout=1s"})
@DirtiesContext
@ExtendWith(OutputCaptureExtension.class)
@Covers(Fault.POOL_EXHAUSTED)
class OverloadedIntegrationTests {

    @Value("${postfeed.database.url}")
    String url;

    @Autowired
    ConnectionPool pool;

    Api api;

    @BeforeEach
    void connect(@Autowired WebTestClient client) {
        api = new Api(client);
    }

    @Test
    void aRequestThatGetsNoConnectionInTimeIsToldToTryAgain(CapturedOutput log) throws Exception {
        // The first connection may take longer to open than a request may wait.
        Await.until(() -> api.get("/users").status() == 200);
        Answer held = api.post("/users", newUser()).expect(201);
        String path = held.header("Location");
        CompletableFuture<Answer> change;
        try (HeldRow row = new HeldRow(url, held.id())) {
            change = CompletableFuture.supplyAsync(() -> api.patch(path, json("name", "Grace")));
            Await.until(() -> acquired() == 1);
            for (Answer answer : List.of(
                    slow(() -> api.get(path)),
                    slow(() -> api.get("/posts")),
                    slow(() -> api.post("/users", newUser())),
                    slow(() -> api.delete(path)))) {
                answer.expectProblem(503, "overloaded");
                assertThat(answer.header("Retry-After")).isEqualTo("1");
                assertThat(log.getAll()).containsOnlyOnce("trace id " + answer.traceId());
            }
            // What needs no connection goes on.
            api.get("/").expect(200);
            for (String health : List.of("/liveness", "/readiness", "")) {
                long start = System.nanoTime();
                api.get("/actuator/health" + health).expect(200);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(900));
            }
            api.post("/users", "{}").expectProblem(422, "invalid-value");
            assertThat(change).isNotDone();
        }
        change.get().expect(200);
        assertThat(api.get(path).expect(200).text("/name")).isEqualTo("Grace");
        Await.until(() -> acquired() == 0);
    }

    private int acquired() {
        return pool.getMetrics().orElseThrow().acquiredSize();
    }

    /** The answer to a request that waits for a connection as long as it may, and no longer. */
    private static Answer slow(Supplier<Answer> request) {
        long start = System.nanoTime();
        Answer answer = request.get();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(990), Duration.ofMillis(4900));
        return answer;
    }
}
