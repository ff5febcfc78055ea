package dev.postfeed.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Thousands of query strings, right and broken, over HTTP: a list, or a problem that names the parameter. */
@PostfeedTest
@TestPropertySource(properties = "spring.application.name=http-fuzz") // rows of its own
class HttpQueryFuzzIntegrationTests {

    private static final int REQUESTS = 4000;
    private static final List<String> FORMS = List.of("application/json", "application/x-ndjson", "text/csv");
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @LocalServerPort
    int port;

    @BeforeEach
    void rows(@Value("${postfeed.database.url}") String url) {
        Sql sql = new Sql(url);
        for (String text : RandomQueries.TEXTS) {
            sql.run("insert into users (name, email) values (?, ?) on conflict do nothing", text, text);
            sql.run(
                    "insert into posts (title, content, user_id) values (?, ?, (select max(id) from users))",
                    text,
                    text);
        }
    }

    @Test
    void everyQueryStringIsAnsweredByAListOrAProblem() throws Exception {
        QueryFuzzer fuzzer = new QueryFuzzer(5);
        int lists = 0;
        int problems = 0;
        for (int i = 0; i < REQUESTS; i++) {
            Table table = fuzzer.table();
            Map<String, List<String>> parameters = i % 3 == 0 ? fuzzer.next(table) : fuzzer.broken(table);
            parameters.remove(""); // Nothing that a URI's query can have.
            String path = table == Table.USERS ? "/users" : "/posts";
            HttpResponse<String> answer = get(path + "?" + queryString(parameters), FORMS.get(i % FORMS.size()));
            if (answer.statusCode() == 200) {
                lists++;
                follow(answer);
            } else {
                problems++;
                assertThat(answer.statusCode())
                        .as("%s of %s", answer.body(), answer.uri())
                        .isEqualTo(400);
                JsonNode problem = JSON.readTree(answer.body());
                assertThat(problem.path("type").asString()).isEqualTo("/problems/invalid-parameter");
                assertThat(parameters).containsKey(problem.path("parameter").asString());
            }
        }
        assertThat(lists).isGreaterThan(REQUESTS / 4);
        assertThat(problems).isGreaterThan(REQUESTS / 4);
    }

    /** A null is a name without a value. */
    private static String queryString(Map<String, List<String>> parameters) {
        return parameters.entrySet().stream()
                .flatMap(parameter -> parameter.getValue().stream()
                        .map(value -> value == null
                                ? encode(parameter.getKey())
                                : encode(parameter.getKey()) + "=" + encode(value)))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private void follow(HttpResponse<String> page) throws InterruptedException {
        for (String link : page.headers().allValues("Link")) {
            assertThat(link).matches("</[^<>\\s\"]+>; rel=\"(next|monitor)\"");
            if (link.endsWith("\"monitor\"")) {
                continue;
            }
            HttpResponse<String> next = get(link.substring(1, link.indexOf('>')), "application/json");
            assertThat(next.statusCode())
                    .as("%s of %s", next.body(), next.uri())
                    .isEqualTo(200);
        }
    }

    private HttpResponse<String> get(String target, String accept) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                .header("Accept", accept)
                .build();
        try {
            return client.sendAsync(request, HttpResponse.BodyHandlers.ofString(UTF_8))
                    .get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(accept + " of " + request.uri(), e);
        }
    }
}
