package dev.postfeed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.Application;
import dev.postfeed.NoBlockingCalls;
import dev.postfeed.Sql;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

/**
 * Each operation of {@code openapi.yaml} that names a failure of the service's fails so: 500 where the tables are others,
 * 503 where there is no database, 404 where there is no feed.
 */
@ExtendWith(NoBlockingCalls.class)
class ContractFailureIntegrationTests {

    private static final Description DESCRIPTION = Contract.read().description();

    @TempDir
    Path directory;

    EmbeddedPostgres server;
    ConfigurableApplicationContext service;
    int port;
    Api api;

    @BeforeEach
    void startServer() throws IOException {
        server = EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("data"))
                .start();
    }

    private String url() {
        return "postgresql://postgres@127.0.0.1:" + server.getPort() + "/postgres";
    }

    private void startService(String... settings) {
        String[] arguments = new String[settings.length + 2];
        arguments[0] = "--server.port=0";
        arguments[1] = "--postfeed.database.url=" + url();
        System.arraycopy(settings, 0, arguments, 2, settings.length);
        service = SpringApplication.run(Application.class, arguments);
        port = Integer.parseInt(service.getEnvironment().getRequiredProperty("local.server.port"));
        api = new Api(WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(Duration.ofSeconds(20))
                .build());
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
        server.close();
    }

    @Test
    void whereTheTablesAreOthersItIsAFaultOfOurs() throws Exception {
        startService();
        Map<String, Sample> samples = samples(500);
        Sql sql = new Sql(url());
        sql.run("alter table posts rename to posts_gone");
        sql.run("alter table users rename to users_gone");
        expect(samples, 500);
    }

    @Test
    void withoutADatabaseItIsUnavailable() throws Exception {
        startService();
        Map<String, Sample> samples = samples(503);
        // It stays open, and goes on when the database is back; 503 to one subscriber too many is
        // FeedLimitIntegrationTests'.
        samples.remove("GET /posts/feed");
        // Nor does it ask for keys of tokens: KeySetIntegrationTests.
        samples.keySet()
                .removeIf(operation ->
                        operation.matches("\\w+ /(session|actuator|actuator/prometheus)|HEAD /posts/feed"));
        server.close();
        expect(samples, 503);
    }

    @Test
    void aNodeWithoutAFeedHasNone() throws Exception {
        startService("--postfeed.feed.enabled=false");
        for (String operation : DESCRIPTION.operations()) {
            if (operation.endsWith(" /posts/feed") && !operation.startsWith("OPTIONS")) {
                expect(operation, Sample.of(operation, api), 404);
            }
        }
        assertThat(new Sample("DELETE", "/posts/feed", Map.of(), null)
                        .send(port)
                        .status())
                .isEqualTo(404);
    }

    /** Of each operation that names a status a request that succeeds as long as nothing fails. */
    private Map<String, Sample> samples(int status) {
        Map<String, Sample> samples = new LinkedHashMap<>();
        for (String operation : DESCRIPTION.operations()) {
            if (DESCRIPTION.place(operation).responses().has(String.valueOf(status))) {
                samples.put(operation, Sample.of(operation, api));
            }
        }
        assertThat(samples).hasSizeGreaterThan(10);
        return samples;
    }

    private void expect(Map<String, Sample> samples, int status) throws Exception {
        for (Map.Entry<String, Sample> sample : samples.entrySet()) {
            expect(sample.getKey(), sample.getValue(), status);
        }
    }

    private void expect(String operation, Sample sample, int status) throws Exception {
        Part response = DESCRIPTION.place(operation).responses().at(String.valueOf(status));
        for (String type : DESCRIPTION.mediaTypes(response).toList()) {
            boolean problem = "application/problem+json".equals(type);
            Answer answer = (problem ? sample : sample.with("Accept", type)).send(port);
            assertThat(answer.status()).as("%s: %s", operation, answer).isEqualTo(status);
            assertThat(Message.mediaType(answer.headers())).as(operation).isEqualTo(type);
        }
    }
}
