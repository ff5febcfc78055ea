package dev.postfeed.user;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newEmail;
import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.AtOnce;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.web.reactive.server.WebTestClient;

@PostfeedTest
class UserIntegrationTests {

    Api api;
    Sql sql;

    @BeforeEach
    void connect(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        api = new Api(client);
        sql = new Sql(url);
    }

    @Test
    void answersANewUserAsItIsStored() {
        String email = newEmail();
        Answer created =
                api.post("/users", json("name", "Hemendra", "email", email)).expect(201);
        long id = created.id();
        assertThat(created.header("Location")).isEqualTo("/users/" + id);
        assertThat(created.header("Content-Type")).isEqualTo("application/json");
        assertThat(created.etag()).matches("\"[^\"]+\"");
        assertThat(created.body())
                .matches("\\{\"id\":" + id + ",\"name\":\"Hemendra\",\"email\":\"" + email
                        + "\",\"created_at\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3}(\\d{3})?)?Z\"}");
        String stored = sql.text(
                "select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from users where id = ?",
                id);
        assertThat(Instant.parse(created.text("/created_at"))).isEqualTo(Instant.parse(stored));
        assertThat(Instant.parse(stored))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        assertThat(sql.number("select count(*) from users where id = ? and name = 'Hemendra' and email = ?", id, email))
                .isEqualTo(1);
    }

    @Test
    void readsAUserBackWithTheSameBytesAndTag() {
        Answer created = api.post("/users", newUser()).expect(201);
        Answer read = api.get(created.header("Location")).expect(200);
        assertThat(read.body()).isEqualTo(created.body());
        assertThat(read.etag()).isEqualTo(created.etag());
        assertThat(read.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() {
        String path = api.post("/users", newUser()).expect(201).header("Location");
        Answer get = api.get(path).expect(200);
        Answer head = api.head(path).expect(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length")).isEqualTo("" + get.body().getBytes(StandardCharsets.UTF_8).length);
        assertThat(head.headers().toSingleValueMap()).isEqualTo(get.headers().toSingleValueMap());
    }

    @Test
    void putReplacesWhatAClientWritesAndNothingElse() {
        Answer created = api.post("/users", newUser()).expect(201);
        String path = created.header("Location");
        String email = newEmail();
        Answer replaced = api.put(path, json("name", "Grace", "email", email)).expect(200);
        assertThat(replaced.body())
                .isEqualTo(json(
                        "id",
                        created.id(),
                        "name",
                        "Grace",
                        "email",
                        email,
                        "created_at",
                        created.text("/created_at")));
        assertThat(replaced.etag()).isNotEqualTo(created.etag());
        Answer read = api.get(path).expect(200);
        assertThat(read.body()).isEqualTo(replaced.body());
        assertThat(read.etag()).isEqualTo(replaced.etag());
        api.put(path, json("name", "Grace", "email", email, "id", 1))
                .expectProblem(400, "malformed-body")
                .at("/id");
        api.put(path, json("name", "Grace")).expectProblem(422, "invalid-value").at("/email");
        assertThat(api.get(path).body()).isEqualTo(replaced.body());
    }

    @Test
    void patchKeepsWhatIsAbsent() {
        String email = newEmail();
        String path = api.post("/users", json("name", "Ada", "email", email))
                .expect(201)
                .header("Location");
        Answer patched = api.patch(path, json("name", "Grace")).expect(200);
        assertThat(patched.text("/name")).isEqualTo("Grace");
        assertThat(patched.text("/email")).isEqualTo(email);
        String other = newEmail();
        patched = api.patch(path, json("email", other)).expect(200);
        assertThat(patched.text("/name")).isEqualTo("Grace");
        assertThat(patched.text("/email")).isEqualTo(other);
        Answer unchanged = api.patch(path, "{}").expect(200);
        assertThat(unchanged.body()).isEqualTo(patched.body());
        assertThat(unchanged.etag()).isEqualTo(patched.etag());
        assertThat(api.get(path).body()).isEqualTo(patched.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "email"})
    void patchDoesNotClearWhatAUserMustHave(String field) {
        Answer created = api.post("/users", newUser()).expect(201);
        String path = created.header("Location");
        api.patch(path, json(field, null)).expectProblem(422, "invalid-value").at("/" + field);
        api.patch(path, json(field, " ")).expectProblem(422, "invalid-value").at("/" + field);
        api.patch(path, json(field, 5)).expectProblem(400, "malformed-body").at("/" + field);
        assertThat(api.get(path).body()).isEqualTo(created.body());
    }

    @Test
    void aDeletedUserIsGone() {
        Answer created = api.post("/users", newUser()).expect(201);
        String path = created.header("Location");
        Answer deleted = api.delete(path).expect(204);
        assertThat(deleted.body()).isEmpty();
        api.get(path).expectProblem(404, "not-found");
        assertThat(api.head(path).expect(404).body()).isEmpty();
        api.put(path, newUser()).expectProblem(404, "not-found");
        api.patch(path, json("name", "Grace")).expectProblem(404, "not-found");
        api.delete(path).expectProblem(404, "not-found");
        assertThat(sql.number("select count(*) from users where id = ?", created.id()))
                .isZero();
    }

    @Test
    void leavesTheBodyOutWhenTheClientPrefersThat() {
        String email = newEmail();
        Answer created = api.post("/users", json("name", "Ada", "email", email), "Prefer: return=minimal")
                .expect(201);
        assertThat(created.body()).isEmpty();
        assertThat(created.header("Preference-Applied")).isEqualTo("return=minimal");
        Answer read = api.get(created.header("Location")).expect(200);
        assertThat(read.text("/email")).isEqualTo(email);
        assertThat(created.etag()).isEqualTo(read.etag());
        String path = created.header("Location");
        for (Answer changed : List.of(
                api.patch(path, json("name", "Grace"), "Prefer: respond-async, return=minimal"),
                api.put(path, json("name", "Grace", "email", email), "Prefer: return=\"minimal\""))) {
            assertThat(changed.expect(200).body()).isEmpty();
            assertThat(changed.header("Preference-Applied")).isEqualTo("return=minimal");
            assertThat(changed.etag()).isEqualTo(api.get(path).etag());
        }
        assertThat(api.patch(path, "{}", "Prefer: return=representation").body())
                .contains(email);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Zoë \uD83D\uDE00 \u5F35\u4F1F",
                "a\r\nSet-Cookie: x=1\r\n\r\nid: 1",
                "\u0001\u007F\u0085\u2028\uFEFF\uFFFE.",
                "Robert'); drop table users;--",
                "${7*7} {{7*7}} %s %n \\ \" <b>&amp;</b>"
            })
    @Covers(Fault.CONTROL_CHARACTERS)
    void textStaysText(String name) {
        Answer created =
                api.post("/users", json("name", name, "email", newEmail())).expect(201);
        assertThat(created.text("/name")).isEqualTo(name);
        assertThat(api.get(created.header("Location")).text("/name")).isEqualTo(name);
        assertThat(sql.text("select name from users where id = ?", created.id()))
                .isEqualTo(name);
        assertThat(created.headers().containsHeader("Set-Cookie")).isFalse();
    }

    @Test
    void takesTheLongestNameAndEmail() {
        String email = newEmail() + ".";
        email = email + "a".repeat(63) + "." + "b".repeat(63) + "." + "c".repeat(63) + "."
                + "d".repeat(254 - email.length() - 192);
        api.post("/users", json("name", "n".repeat(200), "email", email)).expect(201);
        api.post("/users", json("name", "n".repeat(201), "email", newEmail()))
                .expectProblem(422, "invalid-value")
                .at("/name");
    }

    @Test
    void anEmailIsOneUsersOnly() {
        String email = newEmail();
        Answer first = api.post("/users", json("name", "Ada", "email", email)).expect(201);
        Answer other = api.post("/users", newUser()).expect(201);
        long rows = sql.rows();
        String taken = json("name", "Grace", "email", email);
        api.post("/users", taken).expectProblem(409, "email-taken").at("/email");
        api.put(other.header("Location"), taken)
                .expectProblem(409, "email-taken")
                .at("/email");
        api.patch(other.header("Location"), json("email", email))
                .expectProblem(409, "email-taken")
                .at("/email");
        assertThat(sql.rows()).isEqualTo(rows);
        assertThat(api.get(first.header("Location")).body()).isEqualTo(first.body());
        assertThat(api.get(other.header("Location")).body()).isEqualTo(other.body());
    }

    @Test
    @Covers(Fault.EMAIL_RACE)
    void ofManyWhoWantOneEmailAtOnceOneGetsIt() throws Exception {
        String email = newEmail();
        List<Answer> answers =
                AtOnce.call(50, client -> api.post("/users", json("name", "n" + client, "email", email)));
        assertThat(answers.stream().collect(Collectors.groupingBy(Answer::status, Collectors.counting())))
                .containsOnly(Map.entry(201, 1L), Map.entry(409, 49L));
        answers.stream()
                .filter(answer -> answer.status() == 409)
                .forEach(answer -> answer.expectProblem(409, "email-taken").at("/email"));
        assertThat(sql.number("select count(*) from users where email = ?", email))
                .isEqualTo(1);
    }
}
