package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newEmail;
import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.AtOnce;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/** Arrays of new rows: all of them or none. */
@PostfeedTest
class ArrayIntegrationTests {

    Api api;
    Sql sql;

    @BeforeEach
    void connect(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        api = new Api(client);
        sql = new Sql(url);
    }

    @Test
    void storesAllRowsAndAnswersWithThemInTheirOrder() {
        long user = api.post("/users", newUser()).expect(201).id();
        List<String> titles = List.of("NULL", "null", "a,b", "{x}", "\"q\"", "back\\slash", "\\", "ü€😀", " s ", "'");
        String array = titles.stream()
                .map(title -> json("title", title, "content", title.equals("'") ? null : title, "user_id", user))
                .collect(Collectors.joining(",", "[", ",{\"title\":\"last\",\"content\":\"\"}]"));
        Answer answer = api.post("/posts", array).expect(201);
        assertThat(answer.headers().containsHeader("Location")).isFalse();
        assertThat(answer.headers().containsHeader("ETag")).isFalse();
        JsonNode rows = answer.json();
        assertThat(rows).hasSize(11);
        for (int i = 0; i < rows.size(); i++) {
            JsonNode row = rows.get(i);
            assertThat(row)
                    .isEqualTo(api.get("/posts/" + row.path("id").asLong()).json());
            if (i < titles.size()) {
                assertThat(row.path("title").asString()).isEqualTo(titles.get(i));
                assertThat(row.path("user_id").asLong()).isEqualTo(user);
            }
            if (i > 0) {
                assertThat(row.path("id").asLong())
                        .isEqualTo(rows.get(i - 1).path("id").asLong() + 1);
            }
        }
        assertThat(rows.get(9).path("content").isNull()).isTrue();
        assertThat(rows.get(10).path("content").asString()).isEmpty();
        assertThat(rows.get(10).path("user_id").isNull()).isTrue();
    }

    @Test
    void anEmptyArrayStoresNothing() {
        assertThat(api.post("/posts", "[]").expect(201).body()).isEqualTo("[]");
        assertThat(api.post("/users", " [ ] ").expect(201).body()).isEqualTo("[]");
    }

    @Test
    void leavesTheRowsOutWhenAsked() {
        Answer answer = api.post("/users", "[" + newUser() + "]", "Prefer: return=minimal")
                .expect(201);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("Preference-Applied")).isEqualTo("return=minimal");
    }

    @Test
    void oneBadRowKeepsAllOutAndDrawsNoId() {
        long before = sql.rows();
        String taken = newEmail();
        api.post("/users", json("name", "A", "email", taken)).expect(201);
        long last = sql.number("select last_value from users_id_seq");
        String twice = newEmail();
        Answer answer = api.post(
                        "/users",
                        "[" + newUser() + "," + json("name", "B", "email", taken) + ","
                                + json("name", "C", "email", twice) + "," + json("name", "D", "email", twice) + "]")
                .expectProblem(409, "email-taken")
                .at("/1/email");
        assertThat(answer.text("/errors/1/pointer")).isEqualTo("/3/email");
        assertThat(answer.json().path("errors")).hasSize(2);
        assertThat(sql.number("select last_value from users_id_seq")).isEqualTo(last);
        long lastPost = sql.number("select last_value from posts_id_seq");
        api.post("/posts", "[{\"title\":\"a\"},{\"title\":\"b\",\"user_id\":-5}]")
                .expectProblem(422, "invalid-value")
                .at("/1/user_id");
        assertThat(sql.number("select last_value from posts_id_seq")).isEqualTo(lastPost);
        assertThat(sql.rows()).isEqualTo(before + 1);
    }

    @Test
    void tellsOfAtMostAHundredBadRows() {
        String array =
                IntStream.range(0, 300).mapToObj(i -> "{\"title\":\"\"}").collect(Collectors.joining(",", "[", "]"));
        Answer answer = api.post("/posts", array).expectProblem(422, "invalid-value");
        assertThat(answer.json().path("errors")).hasSize(100);
        assertThat(answer.text("/errors/99/pointer")).isEqualTo("/99/title");
    }

    @Test
    void storesTenThousandRows() {
        String array = IntStream.range(0, 10_000)
                .mapToObj(i -> "{\"title\":\"a\"}")
                .collect(Collectors.joining(",", "[", "]"));
        JsonNode rows = api.post("/posts", array).expect(201).json();
        assertThat(rows).hasSize(10_000);
        assertThat(sql.number(
                        "select count(*) from posts where id between ? and ?",
                        rows.get(0).path("id").asLong(),
                        rows.get(9_999).path("id").asLong()))
                .isEqualTo(10_000);
    }

    @Test
    void refusesMoreRowsThanThat() {
        long before = sql.rows();
        String array = "[" + "{\"title\":\"a\"},".repeat(10_000) + "{\"title\":\"a\"}]";
        api.post("/posts", array).expectProblem(413, "too-large");
        assertThat(sql.rows()).isEqualTo(before);
    }

    /** The same emails at once: one array is stored, the others are refused; no deadlock, whatever their order. */
    @Test
    void clientsWithTheSameRowsAtOnce() throws Exception {
        List<String> emails =
                IntStream.range(0, 200).mapToObj(i -> newEmail()).collect(Collectors.toCollection(ArrayList::new));
        List<Answer> answers = AtOnce.call(8, client -> {
            List<String> mine = new ArrayList<>(emails);
            java.util.Collections.shuffle(mine, new java.util.Random(client));
            return api.post(
                    "/users",
                    mine.stream()
                            .map(email -> json("name", "A", "email", email))
                            .collect(Collectors.joining(",", "[", "]")));
        });
        assertThat(answers.stream().filter(answer -> answer.status() == 201)).hasSize(1);
        answers.stream()
                .filter(answer -> answer.status() != 201)
                .forEach(answer -> answer.expectProblem(409, "email-taken"));
    }

    @Test
    void deletesOfTheAuthorMeanwhileLeaveNoOrphan() throws Exception {
        for (int round = 0; round < 15; round++) {
            long user = api.post("/users", newUser()).expect(201).id();
            String array = IntStream.range(0, 300)
                    .mapToObj(i -> json("title", "t", "user_id", user))
                    .collect(Collectors.joining(",", "[", "]"));
            List<Answer> answers =
                    AtOnce.call(4, client -> client == 0 ? api.delete("/users/" + user) : api.post("/posts", array));
            answers.get(0).expect(204);
            for (Answer answer : answers.subList(1, 4)) {
                if (answer.status() != 201) {
                    answer.expectProblem(422, "invalid-value").at("/0/user_id");
                }
            }
            assertThat(sql.number("select count(*) from posts where user_id = ?", user))
                    .isZero();
        }
    }
}
