package dev.postfeed.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every example of the README's table, held against the SQL beside it. */
@PostfeedTest
@TestPropertySource(properties = "spring.application.name=examples") // rows of its own
class QueryExamplesIntegrationTests {

    private static final Pattern EXAMPLE = Pattern.compile("^\\|.*\\| `(/.*)` \\| `(select .*)` \\|$");
    private static final Pattern TIME = Pattern.compile("\"created_at\":\"([^\"]*)\"");
    private static final JsonMapper JSON = new JsonMapper();

    @Autowired
    WebTestClient client;

    @LocalServerPort
    int port;

    Sql sql;

    record Example(String target, String sql) {}

    static List<Example> examples() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("README.md"))) {
            return lines.map(EXAMPLE::matcher)
                    .filter(Matcher::matches)
                    .map(row -> new Example(row.group(1), row.group(2)))
                    .toList();
        }
    }

    @BeforeEach
    void rows(@Value("${postfeed.database.url}") String url) {
        sql = new Sql(url);
        if (sql.rows() > 0) {
            return;
        }
        sql.run(
                "insert into users (id, name, email) values (1, 'Ada', 'ada@example.com'), (2, 'Bob', 'bob@example.com'),"
                        + " (3, 'Cem', 'cem@example.com')");
        sql.run(
                "insert into posts (id, title, content, user_id, created_at) values"
                        + " (1, 'Hello', 'a', 1, '2026-11-01 10:00Z'), (2, 'Java,17', null, 1, '2026-11-01 10:00Z'),"
                        + " (3, 'java and \"quoted\"', '', 2, '2026-11-02 10:30Z'), (4, 'Hello', 'b', null, '2026-11-03 00:00Z'),"
                        + " (5, 'Learn Java', 'c', 2, '2026-11-02 10:30:00.000001Z'), (6, 'Last', null, null, '2026-11-04 00:00Z')");
    }

    @Test
    void thereAreExamples() throws IOException {
        assertThat(examples()).hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isWhatTheSqlSays(Example example) {
        JsonNode expected =
                JSON.readTree(sql.text("select coalesce(json_agg(row_to_json(t)), '[]') from (" + example.sql + ") t"));
        assertThat(normalised(get(example.target))).isEqualTo(normalised(expected));
        assertThat(expected).as("the example shows something").isNotEmpty();
    }

    /** Conditions that let every row pass would show nothing. */
    @ParameterizedTest
    @MethodSource("examples")
    void isNotThePlainList(Example example) {
        String list = example.target.replaceFirst("\\?.*", "");
        assertThat(normalised(get(example.target))).isNotEqualTo(normalised(get(list)));
    }

    private JsonNode get(String target) {
        // As the shell's user types it; what may not be in a URI, the service takes all the same.
        String encoded = target.replace("\"", "%22").replace("\\", "%5C");
        byte[] body = client.get()
                .uri(URI.create("http://127.0.0.1:" + port + encoded))
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .returnResult()
                .getResponseBody();
        return JSON.readTree(new String(body, UTF_8));
    }

    /** The same instants are the same text; the order of fields counts. */
    private static String normalised(JsonNode rows) {
        return TIME.matcher(rows.toString())
                .replaceAll(time -> "\"created_at\":\""
                        + OffsetDateTime.parse(time.group(1)).toInstant() + "\"");
    }
}
