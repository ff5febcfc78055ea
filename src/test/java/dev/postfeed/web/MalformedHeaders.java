package dev.postfeed.web;

import static dev.postfeed.web.MalformedRequest.get;
import static dev.postfeed.web.MalformedRequest.request;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.stream.Stream;

/** Requests whose headers are wrong; the path and the body are right. */
final class MalformedHeaders {

    private static final String BODY = "{\"name\":\"Zo\u00EB\",\"email\":\"malformed-header@example.com\"}";

    private MalformedHeaders() {}

    /** @param user the path of a user that is there */
    static Stream<MalformedRequest> rows(String user) {
        return Stream.of(contentTypes(), patchContentTypes(user), accepts(user), matches(user), edge())
                .flatMap(rows -> rows);
    }

    private static Stream<MalformedRequest> contentTypes() {
        Stream<MalformedRequest> none = Stream.of(
                request("no Content-Type", "POST", "/users").body(BODY.getBytes(UTF_8)),
                request("no Content-Type and no body", "POST", "/users"),
                request("no Content-Type to PUT", "PUT", "/users/1").body(BODY.getBytes(UTF_8)));
        Stream<MalformedRequest> wrong = Stream.of(
                        "text/plain",
                        "text/json",
                        "application/xml",
                        "application/octet-stream",
                        "application/x-www-form-urlencoded",
                        "multipart/form-data; boundary=x",
                        "application/merge-patch+json",
                        "application/vnd.x+json",
                        "application/*",
                        "*/*",
                        "json",
                        "application/",
                        "/json",
                        "application/json/x",
                        "application/json;charset=no-such",
                        "application/json;charset=\"",
                        "application/json;charset=us-ascii",
                        "application/json, application/json",
                        "")
                .map(type -> request("Content-Type: " + type, "POST", "/users").body(type, BODY.getBytes(UTF_8)));
        Stream<MalformedRequest> charsets = Stream.of(ISO_8859_1, UTF_16, Charset.forName("UTF-32"))
                .map(charset -> request("charset=" + charset, "POST", "/users")
                        .body("application/json;charset=" + charset, BODY.getBytes(charset)));
        return Stream.of(none, wrong, charsets)
                .flatMap(rows -> rows)
                .map(row -> row.is(415, "unsupported-media-type").tells("Accept", "application/json"));
    }

    private static Stream<MalformedRequest> patchContentTypes(String user) {
        return Stream.of("application/json", "application/json-patch+json", "text/plain", "x")
                .map(type -> request("Content-Type: " + type + " to PATCH", "PATCH", user)
                        .body(type, "{}".getBytes(UTF_8))
                        .is(415, "unsupported-media-type")
                        .tells("Accept", "application/merge-patch+json"));
    }

    private static Stream<MalformedRequest> accepts(String user) {
        return Stream.of(
                        get("XML of a row", user).with("Accept: text/xml"),
                        get("HTML of a list", "/users").with("Accept: text/html, image/*;q=0.5"),
                        get("XML of a user's posts", user + "/posts").with("Accept: application/xml"),
                        get("JSON refused by its weight", user).with("Accept: application/json;q=0"),
                        get("an Accept that is none", user).with("Accept: json"),
                        get("an Accept with a broken weight", user).with("Accept: text/xml;q=x"),
                        get("an Accept of slashes", user).with("Accept: ///"),
                        get("JSON of the first page", "/").with("Accept: application/json"),
                        get("an image of a problem's page", "/problems/not-found")
                                .with("Accept: image/*"),
                        request("XML from POST", "POST", "/users")
                                .with("Accept: text/xml")
                                .json(BODY),
                        request("XML from PUT", "PUT", user)
                                .with("Accept: text/xml")
                                .json(BODY),
                        request("XML from PATCH", "PATCH", user)
                                .with("Accept: text/xml")
                                .body("application/merge-patch+json", "{}".getBytes(UTF_8)))
                .map(row -> row.is(406, "not-acceptable"));
    }

    /** What is no entity tag matches none: the change is not made. */
    private static Stream<MalformedRequest> matches(String user) {
        return Stream.of("abc", "\"", "\"abc", "W/abc", ",", "", "\"a\"\"b\"", "\u00FF", "\"" + "a".repeat(5000))
                .map(tag -> request("If-Match: " + tag.substring(0, Math.min(20, tag.length())), "PATCH", user)
                        .with("If-Match: " + tag)
                        .body("application/merge-patch+json", "{\"name\":\"changed\"}".getBytes(UTF_8))
                        .is(412, "precondition-failed"));
    }

    /** What Netty refuses before any handler sees it. */
    private static Stream<MalformedRequest> edge() {
        return Stream.of(
                get("a huge header", "/users")
                        .with("X: " + "x".repeat(64 * 1024))
                        .is(431, "headers-too-large"),
                get("a huge If-None-Match", "/users/1")
                        .with("If-None-Match: " + "\"x\", ".repeat(5000))
                        .is(431, "headers-too-large"),
                get("a header with a control character", "/users")
                        .with("X: \u0001")
                        .is(400, "bad-request"),
                get("a header with U+0000", "/users").with("X: \0").is(400, "bad-request"));
    }
}
