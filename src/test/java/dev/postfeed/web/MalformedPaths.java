package dev.postfeed.web;

import static dev.postfeed.web.MalformedRequest.get;
import static dev.postfeed.web.MalformedRequest.request;

import java.util.List;
import java.util.stream.Stream;

/** Requests whose address or method is wrong. */
final class MalformedPaths {

    private static final String OF_ONE = "GET,HEAD,PUT,PATCH,DELETE,OPTIONS";
    private static final String OF_ALL = "GET,HEAD,POST,OPTIONS";
    private static final String OF_READ = "GET,HEAD,OPTIONS";

    private MalformedPaths() {}

    static Stream<MalformedRequest> rows() {
        return Stream.of(ids(), idsOfOtherRoutes(), parameters(), paths(), methods())
                .flatMap(rows -> rows);
    }

    private static Stream<MalformedRequest> ids() {
        return Stream.of(
                        "0",
                        "-1",
                        "9223372036854775808",
                        "-9223372036854775808",
                        "abc",
                        "1e3",
                        "%D9%A3",
                        "%EF%BC%91",
                        "%00",
                        "1%00",
                        "+1",
                        "01",
                        "1.0",
                        "%201",
                        "1%20",
                        "1%0A",
                        "0x1",
                        "1_0",
                        "1,2",
                        "1%2F2",
                        "1.",
                        "1;x=1",
                        ";",
                        "..",
                        "%2e%2e",
                        "*",
                        "null",
                        "1'%20or%201=1--",
                        "%ED%A0%80",
                        "%FF",
                        "$%7Bjndi:x%7D",
                        "9".repeat(400),
                        "1".repeat(10 * 1024))
                .map(id -> get("id " + id.substring(0, Math.min(30, id.length())), "/users/" + id))
                .map(row -> row.is(400, "invalid-parameter").parameter("id"));
    }

    private static Stream<MalformedRequest> idsOfOtherRoutes() {
        return Stream.of(
                        get("id 0 of a user's posts", "/users/0/posts"),
                        get("id abc of a user's posts", "/users/abc/posts"),
                        get("a semicolon in a user's id", "/users/1;x=1/posts"),
                        get("two dots for a user's id", "/users/../posts"),
                        get("id 2^63 of a post", "/posts/9223372036854775808"),
                        request("id 0 to DELETE", "DELETE", "/posts/0"),
                        request("id abc to PUT", "PUT", "/users/abc").json("{\"name\":\"A\",\"email\":\"a@b.c\"}"),
                        request("id 1e3 to PATCH", "PATCH", "/users/1e3")
                                .body("application/merge-patch+json", new byte[] {'{', '}'}))
                .map(row -> row.is(400, "invalid-parameter").parameter("id"));
    }

    private static Stream<MalformedRequest> parameters() {
        return Stream.of(
                        get("an unknown parameter", "/users?x=1").parameter("x"),
                        get("an unknown parameter of a row", "/users/1?x=1").parameter("x"),
                        get("a parameter without a name", "/posts?=1"),
                        get("a limit twice", "/posts?limit=1&limit=1").parameter("limit"),
                        get("a limit with U+0000", "/posts?limit=1%00").parameter("limit"),
                        get("a limit that is half of a pair", "/posts?limit=%ED%A0%80")
                                .parameter("limit"),
                        get("a cursor that is no cursor", "/posts?cursor=%27%20or%201=1--")
                                .parameter("cursor"),
                        get("SQL in a name", "/posts?1;drop%20table%20posts=1").parameter("1;drop table posts"),
                        get("a name with CR and LF", "/posts?a%0D%0ASet-Cookie:x=1")
                                .parameter("a\r\nSet-Cookie:x"),
                        get("a name with U+0000", "/posts?%00=1").parameter("\0"),
                        request("a parameter of POST", "POST", "/users?x=1")
                                .json("{}")
                                .parameter("x"),
                        request("a parameter of DELETE", "DELETE", "/users/1?x=1")
                                .parameter("x"))
                .map(row -> row.is(400, "invalid-parameter"));
    }

    private static Stream<MalformedRequest> paths() {
        return Stream.of(
                        "/users/",
                        "/posts/",
                        "//users",
                        "/users//",
                        "/users//posts",
                        "/users/1/",
                        "/users/1/posts/",
                        "/users/1/posts/2",
                        "/posts/1/users",
                        "/Users",
                        "/USERS",
                        "/users.json",
                        "/users.",
                        "/users%20",
                        "/users%00",
                        "/users%2F1",
                        "/users;x=1",
                        "/users;x=1/1",
                        "/posts;",
                        "/;x=1",
                        "/actuator/health;x=1",
                        "/actuator/health/unknown",
                        "/users/1/..",
                        "/../users",
                        "/..",
                        "/%2e%2e/users",
                        "/%2e%2e%2fetc%2fpasswd",
                        "/./users",
                        "/unknown",
                        "/index.html",
                        "/static/index.html",
                        "/application.properties",
                        "/page",
                        "/page/",
                        "/page/unknown.js",
                        "/page/../index.html",
                        "/page/%2e%2e%2findex.html",
                        "/page/..%2findex.html",
                        "/page/..%5cindex.html",
                        "/page/index.html",
                        "/actuator/env",
                        "/actuator/heapdump",
                        "/problems",
                        "/problems/",
                        "/problems/unknown",
                        "/problems/NOT-FOUND",
                        "/problems/%3Cscript%3E",
                        "http://127.0.0.1/unknown",
                        "/" + "a/".repeat(4000) + "a")
                .map(path -> get("path " + path.substring(0, Math.min(30, path.length())), path))
                .map(row -> row.is(404, "not-found"));
    }

    private static Stream<MalformedRequest> methods() {
        Stream<MalformedRequest> unknownPaths = Stream.of("POST", "PUT", "DELETE", "FOO", "TRACE")
                .map(method -> request(method + " on an unknown path", method, "/unknown")
                        .is(404, "not-found"));
        Stream<MalformedRequest> knownPaths = Stream.of(
                        new Path("/users", OF_ALL),
                        new Path("/posts", OF_ALL),
                        new Path("/users/1", OF_ONE),
                        new Path("/posts/1", OF_ONE),
                        new Path("/users/1/posts", OF_READ),
                        new Path("/", OF_READ),
                        new Path("/page/page.css", OF_READ),
                        new Path("/favicon.ico", OF_READ),
                        new Path("/robots.txt", OF_READ),
                        new Path("/problems/x", OF_READ),
                        new Path("/problems/not-found", OF_READ),
                        new Path("/actuator/health", "GET"),
                        new Path("/actuator/health/liveness", "GET"),
                        new Path("/actuator/prometheus", "GET"))
                .flatMap(path -> Stream.of("POST", "PUT", "PATCH", "DELETE", "TRACE", "FOO", "get", "PROPFIND")
                        .filter(method -> !List.of(path.allow.split(",")).contains(method))
                        .map(method -> request(method + " " + path.path, method, path.path)
                                .is(405, "method-not-allowed")
                                .tells("Allow", path.allow.split(","))));
        return Stream.concat(unknownPaths, knownPaths);
    }

    private record Path(String path, String allow) {}
}
