package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newEmail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.web.reactive.server.WebTestClient;

@PostfeedTest
class ConditionalRequestIntegrationTests {

    enum Kind {
        USER("/users", "name"),
        POST("/posts", "title");

        final String path;
        final String field;

        Kind(String path, String field) {
            this.path = path;
            this.field = field;
        }

        String body(String text) {
            return this == USER ? json(field, text, "email", newEmail()) : json(field, text);
        }
    }

    Api api;
    Sql sql;

    @BeforeEach
    void connect(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        api = new Api(client);
        sql = new Sql(url);
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatHasTheRowGetsNoBody(Kind kind) {
        Answer row = api.post(kind.path, kind.body("a")).expect(201);
        String path = row.header("Location");
        for (String known : List.of(
                row.etag(), "W/" + row.etag(), "\"x\", " + row.etag(), "W/\"x\",W/" + row.etag() + ", \"y,z\"", "*")) {
            for (Answer answer :
                    List.of(api.get(path, "If-None-Match: " + known), api.head(path, "If-None-Match: " + known))) {
                answer.expect(304);
                assertThat(answer.body()).isEmpty();
                assertThat(answer.etag()).isEqualTo(row.etag());
            }
        }
        api.get(path, "If-None-Match: \"x\"", "If-None-Match: " + row.etag()).expect(304);
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatHasAnotherRowGetsThisOne(Kind kind) {
        Answer row = api.post(kind.path, kind.body("a")).expect(201);
        String unquoted = row.etag().replace("\"", "");
        for (String unknown : List.of("\"x\"", "W/\"x\"", "\"\"", unquoted, "\"x" + unquoted + "\"", "garbage", "")) {
            Answer answer = api.get(row.header("Location"), "If-None-Match: " + unknown);
            assertThat(answer.expect(200).body()).as(unknown).isEqualTo(row.body());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aChangeOfTheRowThatTheClientMeansIsMade(Kind kind) {
        Answer row = api.post(kind.path, kind.body("a")).expect(201);
        String path = row.header("Location");
        Answer put = api.put(path, kind.body("b"), "If-Match: " + row.etag()).expect(200);
        Answer patch = api.patch(path, json(kind.field, "c"), "If-Match: \"x\", " + put.etag())
                .expect(200);
        assertThat(api.get(path, "If-Match: " + patch.etag()).expect(200).text("/" + kind.field))
                .isEqualTo("c");
        api.patch(path, json(kind.field, "d"), "If-Match: *").expect(200);
        api.delete(path, "If-Match: " + api.get(path).etag()).expect(204);
    }

    @ParameterizedTest
    @EnumSource
    void aChangeOfAnotherRowThanTheClientMeansIsRefused(Kind kind) {
        Answer old = api.post(kind.path, kind.body("a")).expect(201);
        String path = old.header("Location");
        Answer row = api.put(path, kind.body("b")).expect(200);
        // A weak tag never matches here (RFC 9110, section 13.1.1): it does not say that the bytes are the same.
        for (String other : List.of(old.etag(), "\"x\"", "W/" + row.etag(), "\"x\", \"y\"", "\"*\"", "garbage")) {
            String match = "If-Match: " + other;
            api.put(path, kind.body("c"), match).expectProblem(412, "precondition-failed");
            api.patch(path, json(kind.field, "c"), match).expectProblem(412, "precondition-failed");
            api.delete(path, match).expectProblem(412, "precondition-failed");
            api.get(path, match).expectProblem(412, "precondition-failed");
            assertThat(api.head(path, match).expect(412).body()).isEmpty();
        }
        Answer kept = api.get(path).expect(200);
        assertThat(kept.body()).isEqualTo(row.body());
        assertThat(kept.etag()).isEqualTo(row.etag());
    }

    @ParameterizedTest
    @EnumSource
    void aChangeThatMustNotBeOfThisRowIsRefused(Kind kind) {
        Answer row = api.post(kind.path, kind.body("a")).expect(201);
        String path = row.header("Location");
        for (String none : List.of(row.etag(), "W/" + row.etag(), "*")) {
            api.put(path, kind.body("b"), "If-None-Match: " + none).expectProblem(412, "precondition-failed");
            api.delete(path, "If-None-Match: " + none).expectProblem(412, "precondition-failed");
        }
        assertThat(api.get(path).body()).isEqualTo(row.body());
        api.patch(path, json(kind.field, "b"), "If-None-Match: \"x\"").expect(200);
    }

    @ParameterizedTest
    @EnumSource
    void aConditionOnAMissingRowIsNotFound(Kind kind) {
        String path = api.post(kind.path, kind.body("a")).expect(201).header("Location");
        api.delete(path).expect(204);
        for (String condition : List.of("If-Match: \"x\"", "If-Match: *", "If-None-Match: *")) {
            api.get(path, condition).expectProblem(404, "not-found");
            api.put(path, kind.body("b"), condition).expectProblem(404, "not-found");
            api.patch(path, json(kind.field, "b"), condition).expectProblem(404, "not-found");
            api.delete(path, condition).expectProblem(404, "not-found");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aForeignWriterChangesTheTag(Kind kind) {
        Answer row = api.post(kind.path, kind.body("a")).expect(201);
        String path = row.header("Location");
        String table = kind.path.substring(1);
        sql.run("update " + table + " set " + kind.field + " = 'foreign' where id = ?", row.id());
        Answer seen = api.get(path, "If-None-Match: " + row.etag()).expect(200);
        assertThat(seen.text("/" + kind.field)).isEqualTo("foreign");
        assertThat(seen.etag()).isNotEqualTo(row.etag());
        api.put(path, kind.body("b"), "If-Match: " + row.etag()).expectProblem(412, "precondition-failed");
        sql.run("update " + table + " set " + kind.field + " = 'a' where id = ?", row.id());
        assertThat(api.get(path).etag()).as("the same row again").isEqualTo(row.etag());
    }

    @ParameterizedTest
    @EnumSource
    void theTagIsOfOneRowOnly(Kind kind) {
        String a = api.post(kind.path, kind.body("a")).expect(201).etag();
        String b = api.post(kind.path, kind.body("a")).expect(201).etag();
        assertThat(a).isNotEqualTo(b);
    }
}
