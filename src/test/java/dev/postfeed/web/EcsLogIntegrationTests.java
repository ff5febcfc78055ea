package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedProcess;
import dev.postfeed.Sql;
import dev.postfeed.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a collector of logs reads, from the service as its users run it. */
class EcsLogIntegrationTests {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String TRACE_PARENT = "traceparent: 00-" + TRACE + "-00f067aa0ba902b7-01";

    @TempDir
    Path directory;

    @Test
    void everyLineIsJsonAndThoseOfARequestHaveItsTrace() throws InterruptedException {
        String database = TestPostgres.newDatabase();
        Map<String, String> environment = Map.of("DATABASE_URL", database, "LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs");
        try (PostfeedProcess postfeed = PostfeedProcess.start(directory, environment)) {
            Api api = new Api(postfeed.client());
            Answer list = api.get("/posts?limit=5", TRACE_PARENT, "User-Agent: tests", "Authorization: Bearer secret");
            list.expect(200);
            new Sql(database).run("alter table users rename column name to gone");
            Answer fault = api.get("/users/1", TRACE_PARENT);
            fault.expectProblem(500, "internal-error");
            assertThat(fault.traceId()).isEqualTo(TRACE);
            Await.until(() -> postfeed.output().contains("GET /users/1 HTTP"));
            List<JsonNode> lines = postfeed.stop()
                    .lines()
                    .map(line -> (JsonNode) JsonMapper.shared().readTree(line))
                    .toList();
            assertThat(lines).allMatch(line -> line.at("/ecs/version").isString());

            List<JsonNode> accesses = lines.stream()
                    .filter(line -> line.at("/log/logger").asString().equals("dev.postfeed.access"))
                    .toList();
            assertThat(accesses).hasSize(2);
            JsonNode access = accesses.get(0);
            assertThat(access.at("/log/level").asString()).isEqualTo("INFO");
            assertThat(access.at("/client/ip").asString()).isEqualTo("127.0.0.1");
            assertThat(access.at("/http/request/method").asString()).isEqualTo("GET");
            assertThat(access.at("/http/version").asString()).isEqualTo("1.1");
            assertThat(access.at("/http/response/status_code").asInt()).isEqualTo(200);
            assertThat(access.at("/http/response/body/bytes").asInt())
                    .isEqualTo(list.body().length());
            assertThat(access.at("/url/path").asString()).isEqualTo("/posts");
            assertThat(access.at("/url/query").asString()).isEqualTo("limit=5");
            assertThat(access.at("/event/duration").asLong()).isPositive();
            assertThat(access.at("/event/outcome").asString()).isEqualTo("success");
            assertThat(access.at("/user_agent/original").asString()).isEqualTo("tests");
            assertThat(access.at("/message").asString()).startsWith("127.0.0.1 \"GET /posts?limit=5 HTTP/1.1\" 200 ");
            assertThat(accesses.get(1).at("/http/response/status_code").asInt()).isEqualTo(500);
            assertThat(lines)
                    .filteredOn(line -> line.at("/trace/id").asString("").equals(TRACE))
                    .extracting(line -> line.at("/log/logger").asString())
                    .containsExactlyInAnyOrder(
                            "dev.postfeed.access", "dev.postfeed.access", "dev.postfeed.web.Problems");
            assertThat(postfeed.output()).doesNotContain("secret");
        }
    }

    @Test
    void thereIsNoAccessLogWhereItIsOff() {
        Map<String, String> environment =
                Map.of("DATABASE_URL", TestPostgres.newDatabase(), "LOGGING_LEVEL_DEV_POSTFEED_ACCESS", "off");
        try (PostfeedProcess postfeed = PostfeedProcess.start(directory, environment)) {
            new Api(postfeed.client()).get("/posts").expect(200);
            assertThat(postfeed.stop()).contains("Postfeed is at ").doesNotContain("GET /posts");
        }
    }
}
