package dev.postfeed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the service answered, as a client sees it. */
public record Answer(int status, HttpHeaders headers, String body) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern TRACE_ID = Pattern.compile("\\(trace id (?<id>[0-9a-f]{32})\\)$");
    private static final List<String> PROBLEM_FIELDS =
            List.of("type", "title", "status", "detail", "instance", "errors", "parameter");

    public Answer expect(int expected) {
        assertThat(status).as("the status of %s", this).isEqualTo(expected);
        return this;
    }

    /** Asserts all that every problem has. */
    public Answer expectProblem(int expected, String name) {
        expect(expected);
        assertThat(header("Content-Type")).as("the type of %s", this).isEqualTo("application/problem+json");
        JsonNode problem = json();
        assertThat(text("/type")).as("the problem in %s", this).isEqualTo("/problems/" + name);
        assertThat(problem.path("status").isInt()).isTrue();
        assertThat(problem.path("status").asInt()).isEqualTo(expected);
        assertThat(text("/title")).isNotBlank();
        assertThat(text("/detail")).isNotBlank();
        assertThat(text("/instance")).startsWith("/");
        assertThat(problem.propertyNames()).isSubsetOf(PROBLEM_FIELDS);
        return this;
    }

    /** Asserts that the first error is at a JSON pointer. */
    public Answer at(String pointer) {
        assertThat(json().at("/errors/0/pointer").isString())
                .as("errors in %s", this)
                .isTrue();
        assertThat(text("/errors/0/pointer")).as("the pointer in %s", this).isEqualTo(pointer);
        assertThat(text("/errors/0/detail")).isNotBlank();
        return this;
    }

    /** Asserts which parameter is at fault. */
    public Answer parameter(String name) {
        assertThat(text("/parameter")).as("the parameter in %s", this).isEqualTo(name);
        return this;
    }

    /** The address in the one {@code Link} of a relation, or null where there is none. */
    public @Nullable String link(String relation) {
        String end = ">; rel=\"" + relation + "\"";
        List<String> links = headers.getOrEmpty(HttpHeaders.LINK).stream()
                .filter(link -> link.endsWith(end))
                .toList();
        assertThat(links.size()).as("%s of %s", relation, this).isLessThanOrEqualTo(1);
        return links.isEmpty() ? null : links.get(0).substring(1, links.get(0).length() - end.length());
    }

    /** A header that is there once. */
    public String header(String name) {
        assertThat(headers.getOrEmpty(name)).as("%s of %s", name, this).hasSize(1);
        return Objects.requireNonNull(headers.getFirst(name));
    }

    public String etag() {
        return header(HttpHeaders.ETAG);
    }

    public JsonNode json() {
        return JSON.readTree(body);
    }

    public String text(String pointer) {
        return json().at(pointer).asString();
    }

    /** The body of an answer that is lines of JSON. */
    public List<JsonNode> lines() {
        assertThat(header("Content-Type")).as("the type of %s", this).isEqualTo("application/x-ndjson");
        assertThat(body.isEmpty() || body.endsWith("\n"))
                .as("whole lines in %s", this)
                .isTrue();
        return body.lines().map(line -> (JsonNode) JSON.readTree(line)).toList();
    }

    /** Under which the log says more about a 5xx; its detail ends with it. */
    public String traceId() {
        Matcher trace = TRACE_ID.matcher(text("/detail"));
        assertThat(trace.find()).as("a trace id in %s", this).isTrue();
        return trace.group("id");
    }

    public long id() {
        return json().path("id").asLong();
    }

    @Override
    public String toString() {
        String shown = body.length() > 500 ? body.substring(0, 500) + "…" : body;
        return status + " " + headers + " " + shown;
    }
}
