package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Actuator on a port of its own, and what there is not of it. */
@PostfeedTest
@TestPropertySource(properties = "management.server.port=0")
class ManagementPortIntegrationTests {

    /** All that Boot has, and those of its starters. */
    private static final List<String> CLOSED = List.of(
            "auditevents",
            "beans",
            "caches",
            "conditions",
            "configprops",
            "env",
            "env/postfeed.database.url",
            "heapdump",
            "httpexchanges",
            "info",
            "liquibase",
            "logfile",
            "loggers",
            "loggers/root",
            "mappings",
            "metrics",
            "metrics/jvm.memory.used",
            "sbom",
            "scheduledtasks",
            "sessions",
            "shutdown",
            "startup",
            "threaddump");

    @Test
    void operatorsHaveHealthAndMetricsThereAndNothingElse(
            @Autowired WebTestClient client, @LocalManagementPort int port) throws Exception {
        Api management = new Api(WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(Duration.ofSeconds(20))
                .build());
        Api service = new Api(client);
        // When the feed has looked.
        Await.until(() -> management.get("/actuator/health/readiness").status() == 200);
        for (String path : List.of("health", "health/liveness", "health/readiness", "prometheus")) {
            management.get("/actuator/" + path).expect(200);
        }
        assertThat(management.get("/actuator/health/readiness").body()).isEqualTo("{\"status\":\"UP\"}");
        for (String path : CLOSED) {
            management.get("/actuator/" + path).expect(404);
            management.post("/actuator/" + path, "{}").expect(404);
            service.get("/actuator/" + path).expectProblem(404, "not-found");
            service.post("/actuator/" + path, "{}").expectProblem(404, "not-found");
        }
    }
}
