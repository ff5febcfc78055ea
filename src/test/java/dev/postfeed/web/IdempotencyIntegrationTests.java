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
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Requests that come again under their key. */
@PostfeedTest
class IdempotencyIntegrationTests {

    private static final String LENIENT = "Prefer: handling=lenient";

    Api api;
    Sql sql;
    String name;
    String key;
    String title;

    @BeforeEach
    void connect(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        api = new Api(client);
        sql = new Sql(url);
        name = UUID.randomUUID().toString();
        key = "Idempotency-Key: \"" + name + "\"";
        title = UUID.randomUUID().toString();
    }

    @Test
    void aRowIsStoredOnceAndAnsweredAgain() {
        String user = newUser();
        assertAgain(() -> api.post("/users", user, key));
        String another = anotherKey();
        assertAgain(() -> api.post("/posts", post(), another, "Prefer: return=minimal"));
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void anArrayIsStoredOnceAndAnsweredAgain() {
        assertAgain(() -> api.post("/posts", "[" + post() + "," + post() + "]", key));
        assertThat(stored()).isEqualTo(2);
    }

    @Test
    void theAnswerStaysEvenWhenTheRowIsGone() {
        Answer first = api.post("/posts", post(), key).expect(201);
        api.delete(first.header("Location")).expect(204);
        assertSame(first, api.post("/posts", post(), key));
        assertThat(stored()).isZero();
    }

    @Test
    void anythingElseUnderTheKeyIsRefused() {
        api.post("/posts", post(), key).expect(201);
        assertReused(api.post("/posts", post() + " ", key));
        assertReused(api.post("/posts", "[" + post() + "]", key));
        assertReused(api.post("/users", newUser(), key));
        assertReused(api.postLines("/posts", post(), key));
        assertReused(api.post("/users?on_conflict=email", newUser(), key, "Prefer: resolution=merge-duplicates"));
        assertThat(stored()).isEqualTo(1);
        String lines = anotherKey();
        api.postLines("/posts", post(), lines).expect(200);
        assertReused(api.post("/posts", post(), lines));
        assertReused(api.postLines("/users", newUser(), lines));
    }

    @Test
    void anErrorIsNotKept() {
        String email = newEmail();
        long there = api.post("/users", json("name", "A", "email", email))
                .expect(201)
                .id();
        String body = json("name", "B", "email", email);
        api.post("/users", body, key).expectProblem(409, "email-taken");
        assertThat(sql.number("select count(*) from idempotency_keys where key = ?", name))
                .isZero();
        api.delete("/users/" + there).expect(204);
        assertAgain(() -> api.post("/users", body, key));
    }

    @Test
    void ofManyAtOnceOneWritesAndAllAnswerTheSame() throws Exception {
        for (int round = 0; round < 5; round++) {
            String user = newUser();
            String once = anotherKey();
            List<Answer> answers = AtOnce.call(8, client -> api.post("/users", user, once));
            answers.forEach(answer -> assertSame(answers.get(0).expect(201), answer));
        }
    }

    @Test
    void aKeyThatExpiredNeverCame() {
        long first = api.post("/posts", post(), key).expect(201).id();
        age();
        assertThat(api.post("/posts", post(), key).expect(201).id()).isNotEqualTo(first);
        age();
        assertThat(api.postLines("/posts", post(), key).expect(200).lines()).hasSize(1);
        api.postLines("/posts", post() + "\n" + post(), key).expect(200);
        assertThat(stored()).isEqualTo(4);
        age();
        api.postLines("/posts", post(), key).expect(200);
        assertThat(stored()).isEqualTo(5);
    }

    @Test
    void whatExpiredIsDeleted(@Autowired ExpiredKeys keys) {
        String body = (post() + "\n").repeat(2500);
        api.postLines("/posts", body, key).expect(200);
        api.post("/posts", post(), anotherKey()).expect(201);
        String kept = UUID.randomUUID().toString();
        api.postLines("/posts", post(), "Idempotency-Key: \"" + kept + "\"").expect(200);
        sql.run("update idempotency_keys set created_at = now() - interval '25 hours' where key <> ?", kept);
        // More than one statement deletes.
        sql.run("insert into idempotency_keys (key, created_at, fingerprint)"
                + " select 'old ' || i, now() - interval '2 days', '' from generate_series(1, 450) i");
        sql.run(
                "insert into idempotency_lines select key, i, i, '', '' from idempotency_keys, generate_series(100000, 100002) i"
                        + " where key like 'old %'");
        keys.clean().block(Duration.ofSeconds(20));
        assertThat(sql.text("select string_agg(key, ',') from idempotency_keys"))
                .isEqualTo(kept);
        assertThat(sql.text("select string_agg(distinct key, ',') from idempotency_lines"))
                .isEqualTo(kept);
    }

    @Test
    void linesAreStoredOnceAndAnsweredAgain() {
        String body = "\n" + (post() + "\n\n").repeat(2500);
        assertAgain(() -> api.postLines("/posts", body, key));
        assertThat(stored()).isEqualTo(2500);
    }

    @Test
    @Covers(Fault.LINES_BROKEN)
    void aLongerUploadGoesOnWhereTheFirstOneEnded() {
        String start = post() + "\n\n" + post() + "\r\n";
        Answer first = api.postLines("/posts", start, key).expect(200);
        Answer second = api.postLines("/posts", start + "\n" + post(), key).expect(200);
        assertThat(second.body()).startsWith(first.body());
        assertThat(second.lines()).hasSize(3);
        assertThat(second.lines().get(2).path("line").asInt()).isEqualTo(5);
        assertThat(api.postLines("/posts", post(), key).body())
                .isEqualTo(first.body().lines().findFirst().orElseThrow() + "\n");
        assertThat(stored()).isEqualTo(3);
    }

    @Test
    void anotherLineAtAPlaceEndsTheRequest() {
        api.postLines("/posts", post() + "\n" + post() + "\n" + post(), key).expect(200);
        for (String preference : List.of("Prefer: handling=strict", LENIENT)) {
            Answer other = api.postLines("/posts", post() + "\n" + json("title", "x") + "\n" + post(), key, preference)
                    .expect(200);
            assertThat(other.lines()).hasSize(2);
            assertThat(other.lines().get(1).at("/problem/type").asString())
                    .isEqualTo("/problems/idempotency-key-reused");
            assertThat(other.lines().get(1).path("line").asInt()).isEqualTo(2);
            // The same lines at other places are other lines.
            assertThat(api.postLines("/posts", "\n" + post(), key, preference).text("/status"))
                    .isEqualTo("422");
        }
        assertThat(stored()).isEqualTo(3);
    }

    @Test
    void badLinesAreAnsweredAgainToo() {
        String tooLong = json("title", "x".repeat(1024 * 1024));
        String body = String.join("\n", post(), "{", post(), "", "{\"title\":\"\"}", tooLong, post());
        Answer lenient = api.postLines("/posts", body, key, LENIENT).expect(200);
        assertThat(statuses(lenient)).isEqualTo("201,400,201,422,413,201");
        assertThat(api.postLines("/posts", body, key, LENIENT).body()).isEqualTo(lenient.body());
        // A strict retry of it ends with the first bad line, whatever was stored.
        assertThat(statuses(api.postLines("/posts", body, key))).isEqualTo("201,400");
        assertThat(stored()).isEqualTo(3);
    }

    @Test
    void theBadLineThatEndedARequestCanBeMended() {
        String bad = post() + "\n{\n" + post();
        assertThat(statuses(api.postLines("/posts", bad, key))).isEqualTo("201,400");
        assertThat(statuses(api.postLines("/posts", bad, key))).isEqualTo("201,400");
        assertThat(statuses(api.postLines("/posts", bad.replace("{\n", post() + "\n"), key)))
                .isEqualTo("201,201,201");
        assertThat(stored()).isEqualTo(3);
    }

    @Test
    void ofManyUploadsAtOnceEachLineIsStoredOnce() throws Exception {
        String body = IntStream.range(0, 5000).mapToObj(i -> post()).collect(Collectors.joining("\n"));
        List<Answer> answers = AtOnce.call(6, client -> api.postLines("/posts", body, key));
        answers.forEach(answer ->
                assertThat(answer.expect(200).body()).isEqualTo(answers.get(0).body()));
        assertThat(answers.get(0).lines()).hasSize(5000);
        assertThat(stored()).isEqualTo(5000);
    }

    /** Nobody's email is taken by a request's own other try. */
    @Test
    void ofManyUploadsOfUsersAtOnceEachIsStoredOnce() throws Exception {
        String body = IntStream.range(0, 3000).mapToObj(i -> newUser()).collect(Collectors.joining("\n"));
        List<Answer> answers = AtOnce.call(6, client -> api.postLines("/users", body, key, LENIENT));
        assertThat(answers.get(0).body().lines()).hasSize(3000).allMatch(line -> line.contains("\"status\":201"));
        answers.forEach(
                answer -> assertThat(answer.body()).isEqualTo(answers.get(0).body()));
    }

    @Test
    void saysWhatAKeyIs() {
        for (String bad : List.of("a", "\"\"", "\"a", "\"" + "a".repeat(256) + "\"")) {
            Answer answer =
                    api.post("/posts", post(), "Idempotency-Key: " + bad).expectProblem(400, "bad-request");
            assertThat(answer.text("/detail")).contains("Idempotency-Key", "quotation marks");
            api.postLines("/posts", post(), "Idempotency-Key: " + bad).expectProblem(400, "bad-request");
        }
        assertThat(stored()).isZero();
    }

    @Test
    void otherMethodsIgnoreIt() {
        String path = api.post("/posts", post()).expect(201).header("Location");
        api.put(path, post(), "Idempotency-Key: x").expect(200);
        api.patch(path, "{\"content\":\"a\"}", key).expect(200);
        api.patch(path, "{\"content\":\"b\"}", key).expect(200);
        assertThat(api.get(path, key).text("/content")).isEqualTo("b");
    }

    private void assertAgain(java.util.function.Supplier<Answer> request) {
        Answer first = request.get();
        assertThat(first.status()).as("%s", first).isIn(200, 201);
        assertSame(first, request.get());
        assertSame(first, request.get());
    }

    private static void assertSame(Answer first, Answer again) {
        assertThat(again.status()).as("%s", again).isEqualTo(first.status());
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().toSingleValueMap()).isEqualTo(first.headers().toSingleValueMap());
    }

    private static void assertReused(Answer answer) {
        answer.expectProblem(422, "idempotency-key-reused");
    }

    private void age() {
        sql.run(
                "update idempotency_keys set created_at = created_at - interval '24 hours 1 second' where key = ?",
                name);
    }

    private long stored() {
        return sql.number("select count(*) from posts where title = ?", title);
    }

    private String post() {
        return json("title", title);
    }

    private static String anotherKey() {
        return "Idempotency-Key: \"" + UUID.randomUUID() + "\"";
    }

    private static String statuses(Answer answer) {
        return answer.expect(200).lines().stream()
                .map(line -> line.path("status").asString())
                .collect(Collectors.joining(","));
    }
}
