package dev.postfeed.load;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Many rows at once, in and out: the posts of the user that the session has. */
final class Lines {

    private static final String NDJSON = "application/x-ndjson";
    private static final String CSV = "text/csv";

    /** A row is about 300 bytes. */
    private static final String CONTENT = "a line of text, ".repeat(12);

    private Lines() {}

    /** An upload of lines, each of which must be stored; the session has the {@code answers}. */
    static ChainBuilder upload(int lines) {
        return exec(session -> session.set("key", UUID.randomUUID().toString())
                        .set("lines", posts(session.getString(Resource.USER.id()), lines)))
                .exec(upload("upload lines")
                        .check(
                                bodyString().transform(Lines::created).is(lines),
                                bodyString().saveAs("answers")));
    }

    /** Rows by as many uploads as it takes. */
    static ChainBuilder uploadAll(int rows, int lines) {
        ChainBuilder chain = upload(Math.min(rows, lines));
        for (int stored = lines; stored < rows; stored += lines) {
            chain = chain.exec(upload(Math.min(rows - stored, lines)));
        }
        return chain;
    }

    /** The same request once more: the same ids, and no row more. */
    static ChainBuilder uploadAgain(int lines) {
        return exec(upload("upload them again").check(bodyString().isEL("#{answers}")))
                .exec(http("count the posts of a user")
                        .get("/users/#{userId}/posts?limit=1")
                        .header("Prefer", "count=exact")
                        .check(status().is(200), header("Content-Range").is("0-0/" + lines)));
    }

    private static HttpRequestActionBuilder upload(String name) {
        return http(name)
                .post("/posts")
                .header("Content-Type", NDJSON)
                .header("Accept", NDJSON)
                .header("Idempotency-Key", "\"#{key}\"")
                .body(StringBody(session -> session.getString("lines")))
                .check(status().is(200));
    }

    /** All in one statement, or nothing. */
    static ChainBuilder array(int elements) {
        return exec(http("upload an array")
                .post("/posts")
                .body(StringBody(session -> posts(session.getString(Resource.USER.id()), elements)
                        .lines()
                        .collect(Collectors.joining(",", "[", "]"))))
                .asJson()
                .check(status().is(201), jsonPath("$[*].id").count().is(elements)));
    }

    static ChainBuilder ndjson(int rows) {
        return exec(stream("stream as NDJSON", NDJSON)
                .check(bodyString()
                        .transform(body -> ascending(body.lines(), "{\"id\":"))
                        .is(rows)));
    }

    static ChainBuilder csv(int rows) {
        return exec(stream("stream as CSV", CSV)
                .check(bodyString()
                        .transform(body -> ascending(body.lines().skip(1), ""))
                        .is(rows)));
    }

    private static HttpRequestActionBuilder stream(String name, String form) {
        return http(name).get("/users/#{userId}/posts").header("Accept", form).check(status().is(200));
    }

    private static String posts(String user, int lines) {
        return IntStream.rangeClosed(1, lines)
                .mapToObj(line ->
                        "{\"title\":\"Line " + line + "\",\"content\":\"" + CONTENT + "\",\"user_id\":" + user + "}\n")
                .collect(Collectors.joining());
    }

    /** How many lines were stored, each answered in its turn; below 0 the one that was not. */
    private static int created(String answers) {
        int line = 0;
        for (String answer : (Iterable<String>) answers.lines()::iterator) {
            line++;
            if (!answer.startsWith("{\"line\":" + line + ",\"status\":201,\"id\":")) {
                return -line;
            }
        }
        return line;
    }

    /** How many rows there are, each with a greater id than the one before; below 0 the one that has not. */
    private static int ascending(Stream<String> rows, String beforeId) {
        int row = 0;
        long last = 0;
        for (String line : (Iterable<String>) rows::iterator) {
            row++;
            long id = number(line, beforeId);
            if (id <= last) {
                return -row;
            }
            last = id;
        }
        return row;
    }

    /** The number after a prefix, 0 where there is none. */
    private static long number(String line, String prefix) {
        int end = line.indexOf(',');
        return line.startsWith(prefix) && end > prefix.length() ? Long.parseLong(line, prefix.length(), end, 10) : 0;
    }
}
