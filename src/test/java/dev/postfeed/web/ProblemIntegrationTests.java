package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newEmail;
import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.util.HtmlUtils;

@PostfeedTest
@ExtendWith(OutputCaptureExtension.class)
class ProblemIntegrationTests {

    Api api;
    Sql sql;

    @BeforeEach
    void connect(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        api = new Api(client);
        sql = new Sql(url);
        // "raise 53100" for a name makes the database fail with this SQLSTATE.
        sql.run("""
                create or replace function raise() returns trigger language plpgsql as $$
                begin
                    if new.name like 'raise %' then
                        raise exception 'internal-marker' using errcode = substr(new.name, 7);
                    end if;
                    return new;
                end
                $$""");
        sql.run(
                "create or replace trigger raise before insert or update on users for each row execute function raise()");
    }

    @AfterEach
    void heal() {
        sql.run("drop trigger raise on users");
    }

    @Test
    void aMalformedBody() {
        expect(
                api.post("/users", "{\"name\":5,\"email\":\"a@example.com\"}"),
                ProblemType.MALFORMED_BODY,
                "/users",
                "/name must be a string",
                "/errors",
                "[{\"pointer\":\"/name\",\"detail\":\"must be a string\"}]");
    }

    @Test
    void anInvalidParameter() {
        expect(
                api.get("/users/0"),
                ProblemType.INVALID_PARAMETER,
                "/users/0",
                "id must be an integer from 1 to 9223372036854775807",
                "/parameter",
                "\"id\"");
    }

    @Test
    void notFound() {
        String path = "/posts/9223372036854775807";
        expect(api.get(path), ProblemType.NOT_FOUND, path, "there is no " + path, null, null);
    }

    @Test
    void aTakenEmail() {
        String user = json("name", "Ada", "email", newEmail());
        api.post("/users", user).expect(201);
        expect(
                api.post("/users", user),
                ProblemType.EMAIL_TAKEN,
                "/users",
                "/email is taken by another user",
                "/errors",
                "[{\"pointer\":\"/email\",\"detail\":\"is taken by another user\"}]");
    }

    @Test
    void aFailedPrecondition() {
        Answer row = api.post("/users", newUser()).expect(201);
        String path = row.header("Location");
        expect(
                api.delete(path, "If-Match: \"x\""),
                ProblemType.PRECONDITION_FAILED,
                path,
                "the row is " + row.etag() + ", not one that If-Match names",
                null,
                null);
    }

    @Test
    void aBodyThatIsTooLarge() {
        expect(
                api.post("/posts", "x".repeat(1024 * 1024 + 1)),
                ProblemType.TOO_LARGE,
                "/posts",
                "the body is larger than 1048576 bytes",
                null,
                null);
    }

    @Test
    void invalidValues() {
        expect(
                api.post("/users", json("name", " ", "email", "a")),
                ProblemType.INVALID_VALUE,
                "/users",
                "/email must be an email address",
                "/errors",
                "[{\"pointer\":\"/email\",\"detail\":\"must be an email address\"},"
                        + "{\"pointer\":\"/name\",\"detail\":\"must not be blank\"}]");
    }

    @ParameterizedTest
    @CsvSource({
        "53100, storage-full", // disk full
        "53200, storage-full", // out of memory
        "53300, overloaded", // too many connections
        "57014, overloaded", // statement timeout
        "55P03, overloaded", // lock not available
        "40P01, overloaded", // deadlock
        "40001, overloaded", // serialization failure
        "57P01, database-unavailable", // shutdown by the administrator
        "57P03, database-unavailable", // starting up
        "08006, database-unavailable", // connection failure
        "25006, database-unavailable" // read-only, a standby
    })
    void aFailureOfTheDatabaseIsToldToTryAgain(String state, String name, CapturedOutput log) {
        Answer row = api.post("/users", newUser()).expect(201);
        String raise = json("name", "raise " + state, "email", newEmail());
        for (Answer answer : new Answer[] {api.post("/users", raise), api.put(row.header("Location"), raise)}) {
            answer.expectProblem(503, name);
            assertThat(answer.header("Retry-After")).isEqualTo("1");
            assertThat(log.getAll()).containsOnlyOnce("trace id " + answer.traceId());
            expectNoInternals(answer);
        }
        assertThat(log).contains("internal-marker");
        assertThat(sql.number("select count(*) from users where name = ?", "raise " + state))
                .isZero();
        assertThat(api.get(row.header("Location")).expect(200).body()).isEqualTo(row.body());
        api.post("/users", newUser()).expect(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"XX000", "42P01", "42703", "P0001", "22012", "23502", "23514"})
    void aFaultOfOursTellsATraceIdAndNothingElse(String state, CapturedOutput log) {
        Answer answer = api.post("/users", json("name", "raise " + state, "email", newEmail()));
        answer.expectProblem(500, "internal-error");
        assertThat(answer.headers().containsHeader("Retry-After")).isFalse();
        assertThat(answer.text("/detail")).matches("a fault of the service \\(trace id [0-9a-f]{32}\\)");
        assertThat(log.getAll()).containsOnlyOnce("trace id " + answer.traceId());
        expectNoInternals(answer);
        assertThat(log).contains("ERROR").contains("internal-marker");
    }

    @Test
    void aColumnThatIsGoneIsAFaultOfOurs(CapturedOutput log) {
        sql.run("alter table posts rename column content to gone");
        try {
            for (Answer answer : new Answer[] {api.get("/posts?limit=1"), api.post("/posts", json("title", "a"))}) {
                answer.expectProblem(500, "internal-error");
                assertThat(log.getAll()).containsOnlyOnce("trace id " + answer.traceId());
                expectNoInternals(answer);
            }
        } finally {
            sql.run("alter table posts rename column gone to content");
        }
        api.get("/posts?limit=1").expect(200);
        api.post("/posts", json("title", "a")).expect(201);
    }

    @ParameterizedTest
    @EnumSource
    void eachProblemHasAPage(ProblemType type) {
        Answer page = api.get(type.path()).expect(200);
        assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(page.body())
                .startsWith("<!doctype html>")
                .contains("<h1>" + HtmlUtils.htmlEscape(type.title()) + "</h1>")
                .contains("" + type.status().value())
                .contains("<code>/problems/" + type.slug() + "</code>")
                .contains(HtmlUtils.htmlEscape(type.explanation()))
                .contains(HtmlUtils.htmlEscape(type.remedy()));
        assertThat(api.head(type.path()).expect(200).body()).isEmpty();
    }

    @Test
    void anUnknownProblemHasNoPage() {
        api.get("/problems/no-such").expectProblem(404, "not-found");
    }

    @Test
    void aProblemReadsFromTheGeneralToTheParticular() {
        assertThat(api.get("/users/0").json().propertyNames())
                .containsExactly("type", "title", "status", "detail", "instance", "parameter");
    }

    private static void expect(
            Answer answer,
            ProblemType type,
            String instance,
            String detail,
            @Nullable String extra,
            @Nullable String value) {
        answer.expectProblem(type.status().value(), type.slug());
        assertThat(answer.text("/title")).isEqualTo(type.title());
        assertThat(answer.text("/instance")).isEqualTo(instance);
        assertThat(answer.text("/detail")).isEqualTo(detail);
        assertThat(answer.json()).hasSize(extra == null ? 5 : 6);
        if (extra != null) {
            assertThat(answer.json().at(extra).toString()).isEqualTo(value);
        }
        assertThat(answer.headers().containsHeader("Retry-After")).isFalse();
    }

    private static void expectNoInternals(Answer answer) {
        assertThat(answer.body())
                .doesNotContain("internal-marker")
                .doesNotContainIgnoringCase("exception")
                .doesNotContainIgnoringCase("sql")
                .doesNotContainIgnoringCase("insert")
                .doesNotContainIgnoringCase("select")
                .doesNotContainIgnoringCase("column")
                .doesNotContainIgnoringCase("relation")
                .doesNotContain("r2dbc", "postgres", "java.", "org.", "dev.postfeed", "\tat ");
    }
}
