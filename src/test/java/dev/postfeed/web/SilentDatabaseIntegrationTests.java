package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.NoBlockingCalls;
import dev.postfeed.SilentProxy;
import dev.postfeed.TestPostgres;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import io.r2dbc.pool.ConnectionPool;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** A database that takes connections and then says nothing, for a while. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "postfeed.pool.size=2",
            "postfeed.pool.max-overflow=0",
            "postfeed.pool.timeout=8s",
            "postfeed.pool.recycle=1s"
        })
@AutoConfigureWebTestClient(timeout = "20s")
@ExtendWith(NoBlockingCalls.class)
@DirtiesContext
@Covers(Fault.DATABASE_SILENT)
class SilentDatabaseIntegrationTests {

    static SilentProxy proxy;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) throws IOException {
        URI url = URI.create(TestPostgres.newDatabase());
        proxy = new SilentProxy(url.getPort());
        properties.add(
                "postfeed.database.url", () -> "postgresql://postgres@127.0.0.1:" + proxy.port() + url.getPath());
    }

    @AfterAll
    static void close() {
        proxy.close();
    }

    @Test
    void recoversByItselfOnceItAnswersAgain(@Autowired WebTestClient client, @Autowired ConnectionPool pool)
            throws Exception {
        Api api = new Api(client);
        api.get("/users").expect(200);
        proxy.silence(true);
        // Idle connections end by their age, so that new ones are opened into the silence.
        Await.until(() -> pool.getMetrics().orElseThrow().allocatedSize() == 0);
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            Answer answer = api.get("/users").expectProblem(503, "database-unavailable");
            assertThat(answer.header("Retry-After")).isEqualTo("1");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(7));
        }
        assertThat(api.get("/actuator/health/readiness").status()).isEqualTo(503);
        api.get("/actuator/health/liveness").expect(200);
        proxy.silence(false);
        Await.until(() -> api.get("/actuator/health/readiness").status() == 200);
        for (int i = 0; i < 20; i++) {
            api.get("/users").expect(200);
        }
    }
}
