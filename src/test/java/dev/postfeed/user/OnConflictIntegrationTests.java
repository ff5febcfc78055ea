package dev.postfeed.user;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newEmail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.AtOnce;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import dev.postfeed.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.web.reactive.server.WebTestClient;

/** New users whose email may be there already: {@code on_conflict=email}. */
@PostfeedTest
class OnConflictIntegrationTests {

    private static final String PATH = "/users?on_conflict=email";
    private static final String IGNORE = "Prefer: resolution=ignore-duplicates";
    private static final String MERGE = "Prefer: resolution=merge-duplicates";

    Api api;
    Sql sql;

    @BeforeEach
    void connect(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        api = new Api(client);
        sql = new Sql(url);
    }

    @Test
    void aNewOneIsCreated() {
        Answer answer = api.post(PATH, user("A", newEmail()), IGNORE).expect(201);
        assertThat(answer.header("Location")).isEqualTo("/users/" + answer.id());
        assertThat(answer.header("Preference-Applied")).isEqualTo("resolution=ignore-duplicates");
        assertThat(answer.etag()).isEqualTo(api.get("/users/" + answer.id()).etag());
    }

    @Test
    void oneThatIsThereIsLeftAsItIsOrTakesTheName() {
        String email = newEmail();
        Answer first = api.post("/users", user("A", email)).expect(201);
        Answer ignored = api.post(PATH, user("B", email), IGNORE).expect(200);
        assertThat(ignored.body()).isEqualTo(first.body());
        assertThat(ignored.etag()).isEqualTo(first.etag());
        assertThat(ignored.headers().containsHeader("Location")).isFalse();
        Answer merged = api.post(PATH, user("C", email), MERGE).expect(200);
        assertThat(merged.header("Preference-Applied")).isEqualTo("resolution=merge-duplicates");
        assertThat(merged.body()).isEqualTo(first.body().replace("\"A\"", "\"C\""));
        assertThat(api.get("/users/" + first.id()).body()).isEqualTo(merged.body());
        assertThat(api.get("/users/" + first.id()).etag()).isEqualTo(merged.etag());
    }

    @Test
    void anArrayIsAsItsRowsOneAfterTheOther() {
        String there = newEmail();
        String fresh = newEmail();
        long id = api.post("/users", user("A", there)).expect(201).id();
        String array =
                "[" + user("B", there) + "," + user("C", fresh) + "," + user("D", fresh) + "," + user("E", there) + "]";
        Answer ignored = api.post(PATH, array, IGNORE).expect(201);
        long freshId = ignored.json().get(1).path("id").asLong();
        assertThat(names(ignored)).isEqualTo("A,C,C,A");
        assertThat(ids(ignored)).containsExactly(id, freshId, freshId, id);
        Answer merged = api.post(PATH, array, MERGE).expect(200);
        assertThat(names(merged)).isEqualTo("B,C,D,E");
        assertThat(ids(merged)).containsExactly(id, freshId, freshId, id);
        assertThat(sql.text("select name from users where id = ?", id)).isEqualTo("E");
        assertThat(sql.text("select name from users where id = ?", freshId)).isEqualTo("D");
    }

    @Test
    void aNewOneTwiceInAnArrayTakesTheLastName() {
        String email = newEmail();
        Answer answer = api.post(
                        PATH, "[" + user("A", email) + "," + user("B", email) + "]", MERGE + ", return=minimal")
                .expect(201);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("Preference-Applied")).isEqualTo("return=minimal, resolution=merge-duplicates");
        assertThat(sql.text("select name from users where email = ?", email)).isEqualTo("B");
    }

    @Test
    void saysWhatIsMissing() {
        String body = user("A", newEmail());
        api.post(PATH, body).expectProblem(400, "invalid-parameter").parameter("on_conflict");
        api.post(PATH, body, "Prefer: resolution=x").expectProblem(400, "invalid-parameter");
        assertThat(api.post(PATH, body).text("/detail")).contains("Prefer: resolution=");
        api.post("/users?on_conflict=name", body, IGNORE)
                .expectProblem(400, "invalid-parameter")
                .parameter("on_conflict");
        api.post("/posts?on_conflict=email", "{\"title\":\"a\"}", IGNORE)
                .expectProblem(400, "invalid-parameter")
                .parameter("on_conflict");
    }

    @Test
    void clientsAtOnceCreateEachOnce() throws Exception {
        List<String> emails = IntStream.range(0, 100).mapToObj(i -> newEmail()).toList();
        List<Answer> answers = AtOnce.call(8, client -> {
            List<String> mine = new java.util.ArrayList<>(emails);
            java.util.Collections.shuffle(mine, new java.util.Random(client));
            String array = mine.stream()
                    .map(email -> user("client " + client, email))
                    .collect(Collectors.joining(",", "[", "]"));
            return api.post(PATH, array, client % 2 == 0 ? IGNORE : MERGE);
        });
        answers.forEach(answer -> assertThat(answer.status()).as("%s", answer).isIn(200, 201));
        assertThat(answers.stream().filter(answer -> answer.status() == 201)).hasSize(1);
        assertThat(answers.stream().flatMap(answer -> ids(answer).stream()).distinct())
                .hasSize(100);
    }

    /** Who is deleted, or has another email, by the time the statement gets to them is not updated in vain. */
    @ParameterizedTest
    @ValueSource(strings = {"delete from users", "update users set email = 'x' || email"})
    void aUserThatGoesMeanwhileIsMadeAnew(String change, @Value("${postfeed.database.url}") String url)
            throws Exception {
        String email = newEmail();
        long id = api.post("/users", user("A", email)).expect(201).id();
        try (Connection other = TestPostgres.connect(url);
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(change + " where id = " + id);
            CompletableFuture<Answer> merged =
                    CompletableFuture.supplyAsync(() -> api.post(PATH, user("B", email), MERGE));
            await().until(() -> sql.number("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                            + " and datname = current_database()")
                    == 1);
            other.commit();
            Answer answer = merged.get().expect(201);
            assertThat(answer.id()).isNotEqualTo(id);
            assertThat(sql.number("select id from users where email = ?", email))
                    .isEqualTo(answer.id());
        }
    }

    private static String user(String name, String email) {
        return json("name", name, "email", email);
    }

    private static String names(Answer answer) {
        return answer.json()
                .valueStream()
                .map(row -> row.path("name").asString())
                .collect(Collectors.joining(","));
    }

    private static List<Long> ids(Answer answer) {
        return answer.json().valueStream().map(row -> row.path("id").asLong()).toList();
    }
}
