package dev.postfeed.load;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.headerRegex;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.CheckBuilder;

/**
 * The requests about one row, the same for users and posts. The session has the row as it was last seen: of a user, its
 * {@code userId}, {@code userTag} and {@code userBody}.
 */
record Resource(String path, String name) {

    static final Resource USER = new Resource("/users", "user");
    static final Resource POST = new Resource("/posts", "post");

    String id() {
        return name + "Id";
    }

    private String tag() {
        return name + "Tag";
    }

    private String staleTag() {
        return name + "StaleTag";
    }

    private String body() {
        return name + "Body";
    }

    private String one() {
        return path + "/" + el(id());
    }

    private static String el(String attribute) {
        return "#{" + attribute + "}";
    }

    ChainBuilder create(String json, CheckBuilder... checks) {
        return exec(http("create a " + name)
                .post(path)
                .body(StringBody(json))
                .asJson()
                .check(
                        status().is(201),
                        headerRegex("Location", "^" + path + "/(\\d+)$").saveAs(id()),
                        header("ETag").saveAs(tag()),
                        jsonPath("$.id").isEL(el(id())),
                        bodyString().saveAs(body()))
                .check(checks));
    }

    /** The row is as it was answered last. */
    ChainBuilder read() {
        return exec(http("read a " + name)
                .get(one())
                .check(
                        status().is(200),
                        header("ETag").isEL(el(tag())),
                        bodyString().isEL(el(body()))));
    }

    /** Any row, of which the session has the id alone. */
    ChainBuilder open() {
        return exec(http("open a " + name)
                .get(one())
                .check(
                        status().is(200),
                        header("ETag").saveAs(tag()),
                        jsonPath("$.id").isEL(el(id())),
                        bodyString().saveAs(body())));
    }

    ChainBuilder readUnchanged() {
        return exec(http("read an unchanged " + name)
                .get(one())
                .header("If-None-Match", el(tag()))
                .check(status().is(304), header("ETag").isEL(el(tag()))));
    }

    ChainBuilder change(String mergePatch, CheckBuilder... checks) {
        return exec(session -> session.set(staleTag(), session.getString(tag())))
                .exec(http("change a " + name)
                        .patch(one())
                        .header("Content-Type", "application/merge-patch+json")
                        .header("If-Match", el(tag()))
                        .body(StringBody(mergePatch))
                        .check(
                                status().is(200),
                                header("ETag").notEL(el(staleTag())),
                                header("ETag").saveAs(tag()),
                                jsonPath("$.id").isEL(el(id())),
                                bodyString().saveAs(body()))
                        .check(checks));
    }

    /** After a change, as somebody who has not seen it. */
    ChainBuilder changeStale(String mergePatch) {
        return exec(http("change a stale " + name)
                .patch(one())
                .header("Content-Type", "application/merge-patch+json")
                .header("If-Match", el(staleTag()))
                .body(StringBody(mergePatch))
                .check(status().is(412), jsonPath("$.type").is("/problems/precondition-failed")));
    }

    ChainBuilder delete() {
        return exec(http("delete a " + name)
                .delete(one())
                .header("If-Match", el(tag()))
                .check(status().is(204)));
    }

    ChainBuilder readDeleted() {
        return exec(http("read a deleted " + name)
                .get(one())
                .check(status().is(404), jsonPath("$.type").is("/problems/not-found")));
    }
}
