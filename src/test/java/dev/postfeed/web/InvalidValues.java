package dev.postfeed.web;

import static dev.postfeed.web.MalformedRequest.post;
import static dev.postfeed.web.MalformedRequest.quoted;
import static dev.postfeed.web.MalformedRequest.request;
import static dev.postfeed.web.MalformedRequest.shown;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.stream.Stream;

/** Requests whose body is well-formed, but has a value that is not allowed; and patches, which have fewer fields. */
final class InvalidValues {

    private InvalidValues() {}

    /** @param user the path of a user that is there */
    static Stream<MalformedRequest> rows(String user) {
        return Stream.of(unstorable(), blank(), invisible(), emails(), patches(user))
                .flatMap(rows -> rows);
    }

    private static Stream<MalformedRequest> unstorable() {
        return Stream.concat(
                Stream.of(
                                "\\u0000",
                                "a\\u0000b",
                                "\\ud800",
                                "\\udc00",
                                "\\udc00\\ud800",
                                "a\\uD83D",
                                "\\ud83d\\ud83d\\ude00")
                        .map(text -> invalid("/name", "{'name':'" + text + "','email':'malformed@example.com'}")),
                Stream.of(
                        invalid("/email", "{'name':'A','email':'a\\u0000@example.com'}"),
                        invalid("/email", "{'name':'A','email':'\\ud800@example.com'}"),
                        request("U+0000 in content", "POST", "/posts")
                                .json(quoted("{'title':'A','content':'\\u0000'}"))
                                .is(422, "invalid-value")
                                .at("/content"),
                        request("half of a pair in content", "POST", "/posts")
                                .json(quoted("{'title':'A','content':'x\\udfff'}"))
                                .is(422, "invalid-value")
                                .at("/content"),
                        request("U+0000 in title", "POST", "/posts")
                                .json(quoted("{'title':'\\u0000'}"))
                                .is(422, "invalid-value")
                                .at("/title")));
    }

    private static Stream<MalformedRequest> blank() {
        Stream<MalformedRequest> names = Stream.of("''", "' '", "'\\t\\n\\r'", "null", "'" + "n".repeat(201) + "'")
                .map(name -> invalid("/name", "{'name':" + name + ",'email':'malformed@example.com'}"));
        Stream<MalformedRequest> titles = Stream.of("''", "' '", "null", "'" + "n".repeat(501) + "'")
                .map(title -> request("title " + title.substring(0, Math.min(20, title.length())), "POST", "/posts")
                        .json(quoted("{'title':" + title + "}"))
                        .is(422, "invalid-value")
                        .at("/title"));
        Stream<MalformedRequest> ids = Stream.of("0", "-1", "-9223372036854775808", "9223372036854775807")
                .map(id -> request("user_id of nobody, " + id, "POST", "/posts")
                        .json(quoted("{'title':'A','user_id':" + id + "}"))
                        .is(422, "invalid-value")
                        .at("/user_id"));
        return Stream.of(
                        names,
                        titles,
                        ids,
                        Stream.of(
                                invalid("/email", "{}"),
                                invalid("/email", "{'name':'A'}"),
                                invalid("/name", "{'email':'malformed@example.com'}")))
                .flatMap(rows -> rows);
    }

    /** Blank to whoever reads it: other spaces than ASCII's, and characters of no width. */
    private static Stream<MalformedRequest> invisible() {
        return Stream.of("\u00A0", "\u3000", "\u2003\u2028", "\u200B", "\u200B\u200D\uFEFF", "\u2060")
                .flatMap(text -> Stream.of(
                        invalid(
                                "/name",
                                "{'name':'" + text + "','email':'" + text.codePointAt(0) + text.length()
                                        + "@example.com'}"),
                        request("title " + Integer.toHexString(text.charAt(0)) + text.length(), "POST", "/posts")
                                .json(quoted("{'title':'" + text + "'}"))
                                .is(422, "invalid-value")
                                .at("/title"),
                        invalid("/email", "{'name':'A','email':'malformed" + text + "@example.com'}")));
    }

    private static Stream<MalformedRequest> emails() {
        return Stream.of(
                        "",
                        " ",
                        "a",
                        "a@",
                        "@b.example",
                        "a b@c.example",
                        "a@b@c.example",
                        "a@b..example",
                        "a@.example",
                        "a@b.example.",
                        "a@-b.example",
                        ".a@b.example",
                        "a.@b.example",
                        "a..b@c.example",
                        "a@b c.example",
                        "A <a@b.example>",
                        "a@b.example ",
                        " a@b.example",
                        "a@b.example\\n",
                        "a\\r\\nBcc: x@b.example",
                        "mailto:a@b.example,c@d.example",
                        "a@b.example\\u0000",
                        "a@[b",
                        "a@b_c.example;",
                        "a".repeat(65) + "@b.example",
                        "a@" + ("b".repeat(60) + ".").repeat(4) + "example.example")
                .map(email -> invalid("/email", "{'name':'A','email':'" + email + "'}"));
    }

    private static Stream<MalformedRequest> patches(String user) {
        return Stream.of(
                patch(user, "[]").is(400, "malformed-body").at(""),
                patch(user, "null").is(400, "malformed-body").at(""),
                patch(user, "").is(400, "malformed-body").at(""),
                patch(user, "{'x':null}").is(400, "malformed-body").at("/x"),
                patch(user, "{'name':{}}").is(400, "malformed-body").at("/name"),
                patch(user, "{'id':1}").is(400, "malformed-body").at("/id"),
                patch(user, "{'name':null}").is(422, "invalid-value").at("/name"),
                patch(user, "{'email':'a'}").is(422, "invalid-value").at("/email"),
                patch(user, "{'name':'\\u0000'}").is(422, "invalid-value").at("/name"));
    }

    private static MalformedRequest patch(String user, String text) {
        return request("patch " + text, "PATCH", user)
                .body("application/merge-patch+json", quoted(text).getBytes(UTF_8));
    }

    private static MalformedRequest invalid(String pointer, String text) {
        return post("value " + shown(text), quoted(text).getBytes(UTF_8))
                .is(422, "invalid-value")
                .at(pointer);
    }
}
