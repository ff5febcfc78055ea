package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newEmail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.AtOnce;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/** Lines in, lines out: what each line is answered with, and what is stored. */
@PostfeedTest
class NdjsonIntegrationTests {

    private static final String LENIENT = "Prefer: handling=lenient";
    private static final String BIG = "x".repeat(1024 * 1024);

    /** One of every kind of bad line. */
    private static final List<String> BAD = List.of(
            "{",
            "x",
            "[]",
            "5",
            "null",
            "\uFEFF{\"title\":\"t\"}",
            "{\"title\":\"t\"} {}",
            "{\"title\":5}",
            "{\"title\":\"t\",\"x\":1}",
            "{\"title\":\"\"}",
            "{\"title\":\"\\u0000\"}",
            "{\"title\":\"t\",\"user_id\":-1}",
            "{\"title\":\"t\",\"user_id\":1.5}",
            "{\"title\":\"t\",\"content\":\"" + BIG + "\"}");

    Api api;
    Sql sql;
    String title;

    @BeforeEach
    void connect(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        api = new Api(client);
        sql = new Sql(url);
        title = UUID.randomUUID().toString();
    }

    @Test
    void answersEveryLineInOrder() {
        int count = 25_000;
        String body = IntStream.range(0, count)
                .mapToObj(i -> json("title", title, "content", "" + i))
                .collect(Collectors.joining("\n"));
        List<JsonNode> lines = api.postLines("/posts", body).expect(200).lines();
        assertThat(lines).hasSize(count);
        long last = 0;
        for (int i = 0; i < count; i++) {
            JsonNode line = lines.get(i);
            assertThat(line.path("line").asInt()).isEqualTo(i + 1);
            assertThat(line.path("status").asInt()).isEqualTo(201);
            assertThat(line.path("id").asLong()).isGreaterThan(last);
            assertThat(line.size()).isEqualTo(3);
            last = line.path("id").asLong();
        }
        assertThat(sql.number("select count(*) from posts where title = ?", title))
                .isEqualTo(count);
        assertThat(sql.number("select content from posts where id = ?", last)).isEqualTo(count - 1);
    }

    @Test
    @Covers(Fault.LINES_BROKEN)
    void aLineEndsAsLinesDoAndBlankOnesAreCountedOnly() {
        Answer answer = api.postLines(
                "/posts", "\uFEFF" + post() + "\r\n\n \t\n" + post() + "\n\r\n" + post() + "\r", "Accept: */*");
        assertThat(answer.expect(200).lines().stream()
                        .map(line -> line.path("line").asInt()))
                .containsExactly(1, 4, 6);
        assertThat(stored()).isEqualTo(3);
        assertThat(answer.headers().containsHeader("Preference-Applied")).isFalse();
        for (String nothing : List.of("", "\n", "\r\n\r\n", " ", "\uFEFF")) {
            assertThat(api.postLines("/posts", nothing).expect(200).body()).isEmpty();
        }
    }

    @Test
    @Covers(Fault.LINES_BROKEN)
    void theFirstBadLineEndsTheRequest() {
        for (String bad : BAD) {
            title = UUID.randomUUID().toString();
            List<JsonNode> lines = api.postLines(
                            "/posts", post() + "\n" + post() + "\n" + bad + "\n" + post(), "Prefer: handling=strict")
                    .expect(200)
                    .lines();
            assertThat(statuses(lines)).as(shown(bad)).startsWith(201, 201).hasSize(3);
            assertBad(lines.get(2), 3);
            assertThat(stored()).isEqualTo(2);
        }
    }

    @Test
    @Covers(Fault.LINES_BROKEN)
    void lenientGoesOnAfterBadLines() {
        String body = BAD.stream().map(bad -> bad + "\n" + post() + "\n").collect(Collectors.joining());
        Answer answer = api.postLines("/posts", body, LENIENT).expect(200);
        assertThat(answer.header("Preference-Applied")).isEqualTo("handling=lenient");
        List<JsonNode> lines = answer.lines();
        assertThat(lines).hasSize(2 * BAD.size());
        for (int i = 0; i < lines.size(); i++) {
            if (i % 2 == 0) {
                assertBad(lines.get(i), i + 1);
            } else {
                assertThat(lines.get(i).path("status").asInt()).isEqualTo(201);
            }
        }
        assertThat(statuses(lines).stream().filter(status -> status != 201))
                .containsExactly(400, 400, 400, 400, 400, 400, 400, 400, 400, 422, 422, 422, 400, 413);
        assertThat(stored()).isEqualTo(BAD.size());
    }

    @Test
    void aProblemOfALineSaysWhatAProblemSays() {
        JsonNode line =
                api.postLines("/posts", "{\"title\":\"\"}").expect(200).lines().get(0);
        assertThat(line.toString())
                .isEqualTo("{\"line\":1,\"status\":422,\"problem\":{\"type\":\"/problems/invalid-value\","
                        + "\"title\":\"A value is invalid\",\"status\":422,\"detail\":\"/title must not be blank\","
                        + "\"errors\":[{\"pointer\":\"/title\",\"detail\":\"must not be blank\"}]}}");
    }

    @Test
    void usersWithAnEmailThatIsTaken() {
        String there = newEmail();
        String fresh = newEmail();
        long id = api.post("/users", user("A", there)).expect(201).id();
        String body = String.join("\n", user("B", fresh), user("C", there), user("D", fresh), user("E", newEmail()));
        List<JsonNode> strict = api.postLines("/users", body).expect(200).lines();
        assertThat(statuses(strict)).containsExactly(201, 409);
        assertThat(strict.get(1).at("/problem/errors/0/pointer").asString()).isEqualTo("/email");
        List<JsonNode> lenient =
                api.postLines("/users", body, LENIENT).expect(200).lines();
        assertThat(statuses(lenient)).containsExactly(409, 409, 409, 201);
        Answer merged = api.postLines("/users?on_conflict=email", body, "Prefer: resolution=merge-duplicates");
        assertThat(merged.header("Preference-Applied")).isEqualTo("resolution=merge-duplicates");
        assertThat(statuses(merged.expect(200).lines())).containsExactly(200, 200, 200, 200);
        assertThat(merged.lines().get(1).path("id").asLong()).isEqualTo(id);
        assertThat(sql.text("select name from users where email = ?", fresh)).isEqualTo("D");
        String twice = newEmail();
        List<JsonNode> ignored = api.postLines(
                        "/users?on_conflict=email",
                        user("F", twice) + "\n" + user("G", twice),
                        "Prefer: resolution=ignore-duplicates")
                .expect(200)
                .lines();
        assertThat(statuses(ignored)).containsExactly(201, 200);
        assertThat(sql.text("select name from users where email = ?", twice)).isEqualTo("F");
    }

    @Test
    void saysNoBeforeItReads() {
        api.postLines("/posts?x=1", post()).expectProblem(400, "invalid-parameter");
        api.postLines("/posts?on_conflict=email", post()).expectProblem(400, "invalid-parameter");
        api.postLines("/posts", post(), "Accept: application/json").expectProblem(406, "not-acceptable");
        Answer answer = api.postLines("/users/1/posts", post()).expectProblem(405, "method-not-allowed");
        assertThat(answer.header("Allow")).doesNotContain("POST");
        assertThat(api.postLines("/posts", post(), "Accept: application/jsonl").header("Content-Type"))
                .isEqualTo("application/jsonl");
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void clientsWithTheSameEmailsAtOnceCreateEachOnce() throws Exception {
        List<String> emails = IntStream.range(0, 3000).mapToObj(i -> newEmail()).toList();
        List<Answer> answers = AtOnce.call(8, client -> {
            List<String> mine = new ArrayList<>(emails);
            Collections.shuffle(mine, new Random(client));
            String body = mine.stream().map(email -> user("A", email)).collect(Collectors.joining("\n"));
            return client % 2 == 0
                    ? api.postLines("/users", body, LENIENT)
                    : api.postLines("/users?on_conflict=email", body, "Prefer: resolution=merge-duplicates");
        });
        long created = 0;
        for (Answer answer : answers) {
            List<JsonNode> lines = answer.expect(200).lines();
            assertThat(lines).hasSize(3000);
            assertThat(statuses(lines)).isSubsetOf(200, 201, 409);
            created += statuses(lines).stream().filter(status -> status == 201).count();
        }
        assertThat(created).isEqualTo(3000);
    }

    /** FAULTS 16: the user of posts goes while they come. */
    @Test
    @Covers(Fault.USER_DELETED)
    void aUserThatIsDeletedMeanwhile() throws Exception {
        for (int round = 0; round < 10; round++) {
            long user = api.post("/users", user("A", newEmail())).expect(201).id();
            String body = IntStream.range(0, 2000)
                    .mapToObj(i -> json("title", title, "user_id", user))
                    .collect(Collectors.joining("\n"));
            int pause = round * 5;
            List<Answer> answers = AtOnce.call(3, client -> {
                if (client > 0) {
                    return api.postLines("/posts", body, LENIENT);
                }
                try {
                    Thread.sleep(pause);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return api.delete("/users/" + user);
            });
            answers.get(0).expect(204);
            for (Answer answer : answers.subList(1, 3)) {
                assertThat(statuses(answer.expect(200).lines())).hasSize(2000).isSubsetOf(201, 422);
            }
            assertThat(sql.number("select count(*) from posts where user_id = ?", user))
                    .isZero();
        }
    }

    private void assertBad(JsonNode line, int number) {
        assertThat(line.path("line").asInt()).isEqualTo(number);
        assertThat(line.path("status").asInt())
                .isEqualTo(line.at("/problem/status").asInt());
        assertThat(line.path("status").asInt()).isBetween(400, 422);
        assertThat(line.at("/problem/type").asString()).startsWith("/problems/");
        assertThat(line.at("/problem/detail").asString()).isNotBlank();
        assertThat(line.has("id")).isFalse();
    }

    private long stored() {
        return sql.number("select count(*) from posts where title = ?", title);
    }

    private String post() {
        return json("title", title);
    }

    private static String user(String name, String email) {
        return json("name", name, "email", email);
    }

    private static List<Integer> statuses(List<JsonNode> lines) {
        return lines.stream().map(line -> line.path("status").asInt()).toList();
    }

    private static String shown(String line) {
        return line.substring(0, Math.min(40, line.length()));
    }
}
