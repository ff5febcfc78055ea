package dev.postfeed.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedProcess;
import dev.postfeed.Sql;
import dev.postfeed.TestPostgres;
import dev.postfeed.tracing.Collector.Span;
import dev.postfeed.web.Await;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracingIntegrationTests {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String SETTING = "MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_OTLP_ENDPOINT";

    @TempDir
    Path directory;

    private PostfeedProcess start(String database, Map<String, String> settings, String... arguments) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("DATABASE_URL", database);
        return PostfeedProcess.start(directory, environment, arguments);
    }

    @Test
    void spansGoOnWithTheTraceOfTheRequestOrBeginOneThatTheLogKnows() throws InterruptedException {
        String database = TestPostgres.newDatabase();
        try (Collector collector = new Collector();
                PostfeedProcess postfeed = start(
                        database,
                        Map.of(SETTING, collector.endpoint(), "MANAGEMENT_TRACING_SAMPLING_PROBABILITY", "1"))) {
            Api api = new Api(postfeed.client());
            api.get("/posts", "traceparent: 00-" + TRACE + "-" + PARENT + "-01").expect(200);
            api.get("/users", "traceparent: 00-" + TRACE + "-" + PARENT + "-00").expect(200);
            new Sql(database).run("alter table users rename column name to gone");
            Answer fault = api.get("/users/1");
            fault.expectProblem(500, "internal-error");
            Await.until(() -> collector.spans().size() >= 2);
            String output = postfeed.stop();
            List<Span> spans = collector.spans();
            assertThat(spans).hasSize(2); // Not the one whose caller said that it is not sampled.
            assertThat(spans)
                    .filteredOn(span -> span.trace().equals(TRACE))
                    .singleElement()
                    .satisfies(span -> {
                        assertThat(span.parent()).isEqualTo(PARENT);
                        assertThat(span.name()).isEqualTo("http get /posts");
                    });
            assertThat(spans)
                    .filteredOn(span -> span.trace().equals(fault.traceId()))
                    .singleElement()
                    .satisfies(span -> {
                        assertThat(span.parent()).isEmpty();
                        assertThat(span.name()).isEqualTo("http get /users/{id}");
                    });
            assertThat(collector.paths()).containsOnly("/v1/traces");
            assertThat(output.lines().filter(line -> line.contains(fault.traceId())))
                    .hasSize(2)
                    .anyMatch(line -> line.contains("\"GET /users/1 HTTP/1.1\" 500"))
                    .anyMatch(line -> line.contains("trace id " + fault.traceId()));
            assertThat(output.lines().filter(line -> line.contains(TRACE))).hasSize(2);
        }
    }

    @Test
    void aRequestIsServedWhereNobodyTakesItsSpan() {
        String nobody = "http://127.0.0.1:" + PostfeedProcess.freePort() + "/v1/traces";
        try (PostfeedProcess postfeed = start(
                TestPostgres.newDatabase(), Map.of(SETTING, nobody, "MANAGEMENT_TRACING_SAMPLING_PROBABILITY", "1"))) {
            new Api(postfeed.client()).get("/posts").expect(200);
            postfeed.stop();
        }
    }

    /** As its log of conditions tells. */
    @Test
    void nothingOfItIsThereWithoutAnEndpoint() throws InterruptedException {
        try (PostfeedProcess postfeed = start(TestPostgres.newDatabase(), Map.of(), "--debug")) {
            postfeed.awaitReady();
            // The report comes after the line that says that it serves.
            Await.until(() -> postfeed.output().contains("Negative matches:"));
            String output = postfeed.stop();
            String matches = output.substring(output.indexOf("Positive matches:"), output.indexOf("Negative matches:"));
            assertThat(matches)
                    .contains("PrometheusMetricsExportAutoConfiguration")
                    .doesNotContain("Otlp", "OpenTelemetry", "MicrometerTracing", "NoopTracer");
        }
    }
}
