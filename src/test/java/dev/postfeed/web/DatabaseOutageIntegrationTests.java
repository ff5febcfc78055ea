package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.Application;
import dev.postfeed.AtOnce;
import dev.postfeed.NoBlockingCalls;
import io.r2dbc.pool.ConnectionPool;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

/** A PostgreSQL of its own, which stops while the service runs, and comes back. */
@ExtendWith({OutputCaptureExtension.class, NoBlockingCalls.class})
class DatabaseOutageIntegrationTests {

    private static final Duration FAST = Duration.ofSeconds(3);

    @TempDir
    Path directory;

    int port;
    EmbeddedPostgres server;
    ConfigurableApplicationContext service;
    Api api;

    @BeforeEach
    void start() throws IOException {
        server = postgres().start();
        port = server.getPort();
        service = SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--postfeed.database.url=postgresql://postgres@127.0.0.1:" + port + "/postgres");
        String http = service.getEnvironment().getRequiredProperty("local.server.port");
        api = new Api(WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + http)
                .responseTimeout(Duration.ofSeconds(20))
                .build());
    }

    private EmbeddedPostgres.Builder postgres() {
        return EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(false);
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
        server.close();
    }

    @Test
    void saysSoAtOnceAndGoesOnWhenTheDatabaseIsBack(CapturedOutput log) throws Exception {
        Answer user = api.post("/users", newUser()).expect(201);
        String path = user.header("Location");
        // Several connections in the pool, all of which die.
        AtOnce.call(10, client -> api.get(path).expect(200));

        server.close();
        for (int i = 0; i < 5; i++) {
            for (Answer answer : List.of(
                    fast(() -> api.get(path)),
                    fast(() -> api.get("/posts")),
                    fast(() -> api.post("/users", newUser())),
                    fast(() -> api.put(path, newUser())),
                    fast(() -> api.delete(path)))) {
                answer.expectProblem(503, "database-unavailable");
                assertThat(answer.header("Retry-After")).isEqualTo("1");
                assertThat(log.getAll()).containsOnlyOnce("trace id " + answer.traceId());
                assertThat(answer.body()).doesNotContain("127.0.0.1", "" + port, "xception", "refused", "r2dbc");
            }
        }
        api.get("/users/0").expectProblem(400, "invalid-parameter");
        api.get("/actuator/health/liveness").expect(200);
        assertThat(fast(() -> api.get("/actuator/health/readiness")).status()).isEqualTo(503);

        server = postgres().setPort(port).start();
        for (Answer answer : AtOnce.call(20, client -> api.get(path))) {
            assertThat(answer.expect(200).body()).isEqualTo(user.body());
        }
        for (int i = 0; i < 20; i++) {
            api.post("/posts", json("title", "a", "user_id", user.id())).expect(201);
        }
        api.get("/actuator/health/readiness").expect(200);
        Await.until(() ->
                service.getBean(ConnectionPool.class).getMetrics().orElseThrow().acquiredSize() == 0);
    }

    @Test
    void whatWasAcknowledgedBeforeTheOutageIsThereAfterIt() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        List<CompletableFuture<List<Answer>>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            writers.add(CompletableFuture.supplyAsync(() -> write(done)));
        }
        Thread.sleep(300);
        server.close();
        Thread.sleep(300);
        server = postgres().setPort(port).start();
        Thread.sleep(300);
        done.set(true);
        int acknowledged = 0;
        for (CompletableFuture<List<Answer>> writer : writers) {
            for (Answer answer : writer.get()) {
                if (answer.status() == 201) {
                    assertThat(api.get(answer.header("Location")).expect(200).body())
                            .isEqualTo(answer.body());
                    acknowledged++;
                } else {
                    answer.expectProblem(503, "database-unavailable");
                }
            }
        }
        assertThat(acknowledged).isPositive();
    }

    private List<Answer> write(AtomicBoolean done) {
        List<Answer> answers = new ArrayList<>();
        while (!done.get()) {
            answers.add(api.post("/posts", json("title", "a")));
        }
        return answers;
    }

    private static Answer fast(Supplier<Answer> request) {
        long start = System.nanoTime();
        Answer answer = request.get();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as("%s", answer).isLessThan(FAST);
        return answer;
    }
}
