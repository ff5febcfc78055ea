package dev.postfeed.contract;

import static dev.postfeed.contract.Exchanges.answer;
import static dev.postfeed.contract.Exchanges.asked;
import static dev.postfeed.contract.Exchanges.cut;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** That the contract finds what is not as {@code openapi.yaml} has it: answers made up, right and wrong in one thing. */
class ContractTests {

    private static final Contract CONTRACT = Contract.read();

    private static final String JSON = "Content-Type: application/json";
    private static final String PROBLEM = "Content-Type: application/problem+json";
    private static final String NDJSON = "Content-Type: application/x-ndjson";
    private static final String CSV = "Content-Type: text/csv;charset=UTF-8";
    private static final String EVENTS = "Content-Type: text/event-stream";
    private static final String VARY = "Vary: Accept";
    private static final String NEW_USER = "{\"name\":\"Ada\",\"email\":\"ada@example.com\"}";
    private static final String[] FEED = {EVENTS, "Cache-Control: no-store", "X-Accel-Buffering: no"};

    private static final String USER =
            "{\"id\":1,\"name\":\"Ada\",\"email\":\"ada@example.com\",\"created_at\":\"2026-11-29T08:30:42.668885Z\"}";
    private static final String POST =
            "{\"id\":1,\"title\":\"a\",\"content\":null,\"user_id\":null,\"created_at\":\"2026-11-29T08:30:42.862704Z\"}";
    private static final String ERROR = "{\"pointer\":\"\",\"detail\":\"x\",\"colour\":1}";
    private static final String NOT_FOUND =
            "{\"type\":\"/problems/not-found\",\"title\":\"Not found\",\"status\":404,\"detail\":\"x\",\"instance\":\"/x\"}";

    static Stream<Exchange> right() {
        return Stream.of(
                answer("GET /users/1", 200, USER, JSON, "ETag: \"kthTXVQ9wtoqbLdCGwQ1qQ\""),
                answer("HEAD /users/1", 200, "", JSON, "Content-Length: 100"),
                answer("GET /users/1", 304, "", "ETag: \"kthTXVQ9wtoqbLdCGwQ1qQ\""),
                answer("GET /users?select=id,name&limit=1", 200, "[{\"id\":1,\"name\":\"Ada\"}]", JSON, VARY),
                answer("GET /users", 200, USER + "\n" + USER + "\n", NDJSON, VARY),
                answer("GET /users", 200, "", NDJSON, VARY),
                cut("GET /users", 200, USER + "\n{\"id", NDJSON, VARY),
                answer("GET /posts", 200, "id,content\r\n1,\"a\"\"b,\r\nc\"\r\n2,\r\n", CSV, VARY),
                cut("GET /posts", 200, "id,content\r\n1,\"a\"\"b,\r\nc", CSV, VARY),
                answer("GET /posts", 200, "id,author\r\n1,\"{\"\"id\"\":1}\"\r\n2,\r\n", CSV, VARY),
                cut(
                        "GET /posts/feed",
                        200,
                        "retry: 1224\n\nid: 6\nevent: post\ndata: " + POST + "\n\n:\n\nid: 7",
                        FEED),
                cut("GET /posts/feed", 200, "", FEED),
                cut("GET /posts", 200, "", CSV, VARY),
                answer("GET /nowhere", 404, NOT_FOUND, PROBLEM),
                answer("DELETE /posts/feed", 404, NOT_FOUND, PROBLEM),
                asked(
                        answer("POST /users", 201, "", "Location: /users/1", "Preference-Applied: return=minimal"),
                        NEW_USER,
                        JSON));
    }

    @ParameterizedTest
    @MethodSource("right")
    void anAnswerThatIsRightIsFoundRight(Exchange exchange) {
        Contract.Verdict verdict = CONTRACT.check(exchange, Set.of());
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.met()).isNotEmpty();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong("status 200 is not named for unknown-path", answer("GET /nowhere", 200, USER, JSON)),
                wrong("status 204 is not named for unknown-method", answer("DELETE /users", 204, "")),
                wrong("status 202 is not named", answer("GET /users/1", 202, USER, JSON)),
                wrong("header X-New is not named", answer("GET /users/1", 200, USER, JSON, "X-New: 1")),
                wrong("header ETag", answer("GET /users/1", 200, USER, JSON, "ETag: W/\"x\"")),
                wrong("header Vary is missing", answer("GET /users", 200, "[]", JSON)),
                wrong("header Allow is missing", answer("OPTIONS /users", 204, "")),
                wrong(
                        "media type text/plain is not named",
                        answer("GET /users/1", 200, "x", "Content-Type: text/plain")),
                wrong("parameter colour is not named", answer("GET /users?colour=red", 200, "[]", JSON, VARY)),
                wrong("no body", answer("GET /users/1", 200, "")),
                wrong("body without a media type", answer("GET /users/1", 304, USER)),
                wrong("answer to HEAD has a body", answer("HEAD /users/1", 200, USER, JSON)),
                wrong("is no application/json", answer("GET /users/1", 200, "{", JSON)),
                wrong("'colour'", answer("GET /users/1", 200, with(USER, "\"colour\":1"), JSON)),
                wrong("'name'", answer("GET /users/1", 200, USER.replace("\"name\":\"Ada\",", ""), JSON)),
                wrong(
                        "string found, integer expected",
                        answer("GET /users/1", 200, USER.replace(":1", ":\"1\""), JSON)),
                wrong("'colour'", answer("GET /users", 200, "[" + with(USER, "\"colour\":1") + "]", JSON, VARY)),
                wrong(
                        "'colour'",
                        answer("GET /users", 200, USER + "\n" + with(USER, "\"colour\":1") + "\n", NDJSON, VARY)),
                wrong("last line has no end", answer("GET /users", 200, USER, NDJSON, VARY)),
                wrong("'colour'", answer("GET /posts", 200, "id,colour\r\n1,\"red\"\r\n", CSV, VARY)),
                wrong("integer expected", answer("GET /posts", 200, "id\r\n\"1\"\r\n", CSV, VARY)),
                wrong("has not the fields", answer("GET /posts", 200, "id,title\r\n1\r\n", CSV, VARY)),
                wrong("last record has no end", answer("GET /posts", 200, "id\r\n1", CSV, VARY)),
                wrong(
                        "integer expected",
                        answer("GET /posts", 200, "id,author\r\n1,\"{\"\"id\"\":\"\"1\"\"}\"\r\n", CSV, VARY)),
                wrong("/0", answer("GET /posts/feed", 200, "event: post\ndata: " + POST + "\n\n", FEED)),
                wrong("/0", answer("GET /posts/feed", 200, "id: 1\nevent: new\ndata: " + POST + "\n\n", FEED)),
                wrong("'colour'", answer("GET /posts/feed", 200, event("post", with(POST, "\"colour\":1")), FEED)),
                wrong(
                        "'title'",
                        answer("GET /posts/feed", 200, event("post", POST.replace("\"title\":\"a\",", "")), FEED)),
                wrong("is no line of an event", answer("GET /posts/feed", 200, "id: 1\nx\n\n", FEED)),
                wrong("/type", answer("GET /users/1", 406, NOT_FOUND, PROBLEM)),
                wrong("'colour'", answer("GET /users/1", 404, with(NOT_FOUND, "\"colour\":1"), PROBLEM)),
                wrong("'colour'", answer("GET /nowhere", 404, with(NOT_FOUND, "\"colour\":1"), PROBLEM)),
                wrong("/0/author", answer("GET /posts", 200, "[{\"author\":{\"colour\":1}}]", JSON, VARY)),
                wrong("'colour'", answer("GET /users", 200, "[{\"posts\":[{\"colour\":1}]}]", JSON, VARY)),
                wrong("'colour'", answer("GET /actuator/health", 200, "{\"status\":\"UP\",\"colour\":1}", JSON)),
                wrong(
                        "'colour'",
                        answer("GET /posts/feed", 200, event("caught-up", "{\"position\":\"6\",\"colour\":1}"), FEED)),
                wrong("'colour'", answer("GET /users/1", 404, with(NOT_FOUND, "\"errors\":[" + ERROR + "]"), PROBLEM)),
                wrong(
                        "/0",
                        asked(
                                answer(
                                        "POST /posts",
                                        200,
                                        "{\"line\":1,\"status\":201,\"id\":1,\"colour\":1}\n",
                                        NDJSON),
                                "{\"title\":\"a\"}\n",
                                NDJSON)),
                wrong("of the request is not named", answer("PUT /users/1", 200, USER, JSON)),
                wrong(
                        "the request: ",
                        asked(answer("PUT /users/1", 200, USER, JSON), with(NEW_USER, "\"colour\":1"), JSON)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void anAnswerThatIsWrongInOneThingIsFoundWrong(String violation, Exchange exchange) {
        assertThat(CONTRACT.check(exchange, Set.of()).violations())
                .as("%s", exchange)
                .isNotEmpty()
                .anySatisfy(found -> assertThat(found).contains(violation));
    }

    @Test
    void whatIsMetIsNamed() {
        Map<Coverage.Kind, Set<String>> named = CONTRACT.named();
        assertThat(named.get(Coverage.Kind.ANSWERS))
                .contains(
                        "GET /users/{id} 200 application/json",
                        "HEAD /users/{id} 304 -",
                        "GET /posts 200 text/csv",
                        "unknown-method 405 application/problem+json")
                .allSatisfy(name -> assertThat(name)
                        .matches("(\\S+ /\\S*|unknown-path|unknown-method|unreadable|preflight) \\d+ \\S+"));
        Exchange user = answer("GET /users/1", 200, USER, JSON, "ETag: \"kthTXVQ9wtoqbLdCGwQ1qQ\"");
        Set<String> all = named.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        assertThat(CONTRACT.check(user, Set.of()).met())
                .containsExactlyInAnyOrder(
                        "GET /users/{id} 200 application/json",
                        "GET /users/{id} 200 header ETag",
                        "GET /users/{id} path id",
                        "answer /components/schemas/User/properties/id",
                        "answer /components/schemas/User/properties/name",
                        "answer /components/schemas/User/properties/email",
                        "answer /components/schemas/User/properties/created_at")
                .isSubsetOf(all);
    }

    private static Arguments wrong(String violation, Exchange exchange) {
        return Arguments.of(violation, exchange);
    }

    private static String with(String object, String member) {
        return object.substring(0, object.length() - 1) + "," + member + "}";
    }

    private static String event(String name, String data) {
        return "id: 1\nevent: " + name + "\ndata: " + data + "\n\n";
    }
}
