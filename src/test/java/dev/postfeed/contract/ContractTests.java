package dev.postfeed.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.JsonNode;

/** That the contract finds what is not as {@code openapi.yaml} has it: answers made up, right and wrong in one thing. */
class ContractTests {

    private static final Contract CONTRACT = Contract.read();

    private static final String JSON = "Content-Type: application/json";
    private static final String PROBLEM = "Content-Type: application/problem+json";
    private static final String NDJSON = "Content-Type: application/x-ndjson";
    private static final String CSV = "Content-Type: text/csv;charset=UTF-8";
    private static final String EVENTS = "Content-Type: text/event-stream";
    private static final String VARY = "Vary: Accept";
    private static final String[] FEED = {EVENTS, "Cache-Control: no-store", "X-Accel-Buffering: no"};

    private static final String USER =
            "{\"id\":1,\"name\":\"Ada\",\"email\":\"ada@example.com\",\"created_at\":\"2026-11-29T08:30:42.668885Z\"}";
    private static final String POST =
            "{\"id\":1,\"title\":\"a\",\"content\":null,\"user_id\":null,\"created_at\":\"2026-11-29T08:30:42.862704Z\"}";
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
                answer("GET /nowhere", 404, NOT_FOUND, PROBLEM),
                answer("DELETE /posts/feed", 404, NOT_FOUND, PROBLEM),
                answer("POST /users", 201, "", "Location: /users/1", "Preference-Applied: return=minimal"));
    }

    @ParameterizedTest
    @MethodSource("right")
    void anAnswerThatIsRightIsFoundRight(Exchange exchange) {
        Contract.Verdict verdict = CONTRACT.check(exchange);
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.met()).isNotNull();
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
                wrong("'colour'", answer("GET /posts/feed", 200, event(with(POST, "\"colour\":1")), FEED)),
                wrong("'title'", answer("GET /posts/feed", 200, event(POST.replace("\"title\":\"a\",", "")), FEED)),
                wrong("is no line of an event", answer("GET /posts/feed", 200, "id: 1\nx\n\n", FEED)),
                wrong("/type", answer("GET /users/1", 406, NOT_FOUND, PROBLEM)),
                wrong("'colour'", answer("GET /users/1", 404, with(NOT_FOUND, "\"colour\":1"), PROBLEM)),
                wrong("'colour'", answer("GET /nowhere", 404, with(NOT_FOUND, "\"colour\":1"), PROBLEM)),
                wrong("of the request is not named", of("PUT /users/1", true, 200, USER, JSON)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void anAnswerThatIsWrongInOneThingIsFoundWrong(String violation, Exchange exchange) {
        assertThat(CONTRACT.check(exchange).violations())
                .as("%s", exchange)
                .isNotEmpty()
                .anySatisfy(found -> assertThat(found).contains(violation));
    }

    @Test
    void whatIsMetIsNamed() {
        assertThat(CONTRACT.check(answer("GET /users/1", 200, USER, JSON)).met())
                .isEqualTo("GET /users/{id} 200 application/json");
        assertThat(CONTRACT.description().named())
                .contains(
                        "GET /users/{id} 200 application/json",
                        "HEAD /users/{id} 304 -",
                        "GET /posts 200 text/csv",
                        "unknown-method 405 application/problem+json")
                .allSatisfy(name ->
                        assertThat(name).matches("(\\S+ /\\S*|unknown-path|unknown-method|unreadable) \\d+ \\S+"));
    }

    static Stream<Arguments> examples() {
        Description description = CONTRACT.description();
        return Stream.of("responses", "requestBodies")
                .flatMap(kind -> description.at("/components/" + kind).propertyStream())
                .flatMap(component -> component
                        .getValue()
                        .path("content")
                        .propertyStream()
                        .flatMap(content -> content.getValue()
                                .path("examples")
                                .propertyStream()
                                .map(example -> Arguments.of(
                                        component.getKey() + " " + content.getKey() + " " + example.getKey(),
                                        content.getKey(),
                                        content.getValue().path("schema"),
                                        example.getValue().path("value")))));
    }

    /** Linters look at those of JSON only. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void anExampleIsAsItsSchemaHasIt(String name, String mediaType, JsonNode schema, JsonNode example) {
        // A text in the document has LF at the ends of its lines, and a record CR LF.
        String text = example.isString() ? example.asString() : example.toString();
        String body = mediaType.equals("text/csv") ? text.replace("\n", "\r\n") : text;
        Exchange exchange = answer("GET /", 200, body);
        assertThat(new Schemas(CONTRACT.description()).check(exchange, mediaType, schema))
                .isEmpty();
    }

    @Test
    void thereAreExamples() {
        assertThat(examples()).hasSizeGreaterThan(50);
    }

    @Test
    void theRouteWithTheFewestVariablesIsTaken() {
        Description description = CONTRACT.description();
        assertThat(description.route("/posts/feed").path()).isEqualTo("/posts/feed");
        assertThat(description.route("/posts/17").path()).isEqualTo("/posts/{id}");
        assertThat(description.route("/posts/")).isNull();
        assertThat(description.route("/%75sers").path()).isEqualTo("/users");
        assertThat(description.route("/users%2F1")).isNull();
    }

    private static Arguments wrong(String violation, Exchange exchange) {
        return Arguments.of(violation, exchange);
    }

    private static String with(String object, String member) {
        return object.substring(0, object.length() - 1) + "," + member + "}";
    }

    private static String event(String post) {
        return "id: 1\nevent: post\ndata: " + post + "\n\n";
    }

    private static Exchange answer(String request, int status, String body, String... headers) {
        return of(request, true, status, body, headers);
    }

    private static Exchange cut(String request, int status, String body, String... headers) {
        return of(request, false, status, body, headers);
    }

    private static Exchange of(String request, boolean whole, int status, String body, String... headers) {
        String[] methodAndTarget = request.split(" ");
        HttpHeaders requestHeaders = new HttpHeaders();
        if (methodAndTarget[0].equals("POST")) {
            requestHeaders.add("Content-Type", "application/json");
        }
        HttpHeaders answered = new HttpHeaders();
        for (String header : headers) {
            List<String> nameAndValue = Arrays.asList(header.split(": ", 2));
            answered.add(nameAndValue.get(0), nameAndValue.get(1));
        }
        return new Exchange(
                methodAndTarget[0],
                methodAndTarget[1],
                requestHeaders,
                true,
                status,
                answered,
                body.getBytes(UTF_8),
                whole);
    }
}
