package dev.postfeed.web;

import static dev.postfeed.web.MalformedRequest.post;
import static dev.postfeed.web.MalformedRequest.quoted;
import static dev.postfeed.web.MalformedRequest.request;
import static dev.postfeed.web.MalformedRequest.shown;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;

/** Requests whose body is not the JSON that the service reads. Most are written with apostrophes for quotation marks. */
final class MalformedBodies {

    private static final String USER = "{'name':'A','email':'malformed@example.com'}";

    private MalformedBodies() {}

    static Stream<MalformedRequest> rows() {
        return Stream.of(notJson(), notUtf8(), wrongTypes(), wrongUserIds(), wrongElements(), tooLarge())
                .flatMap(rows -> rows);
    }

    private static Stream<MalformedRequest> notJson() {
        return Stream.of(
                        "",
                        " ",
                        "\n",
                        "{",
                        "{'name':'A'",
                        "{'name':",
                        "{'name'}",
                        "null",
                        "[" + USER + ",]",
                        "[" + USER + "],",
                        "[" + USER + "][]",
                        "'x'",
                        "5",
                        "true",
                        "-",
                        "1e400",
                        "NaN",
                        "{'name':NaN}",
                        "{'name':Infinity}",
                        "{'name':undefined}",
                        "{name:'A'}",
                        "{'name':'A',}",
                        "{,}",
                        "{'name':'A' 'email':'b'}",
                        USER + "x",
                        USER + USER,
                        USER + " 5",
                        USER + "]",
                        "// c\n" + USER,
                        "/* c */" + USER,
                        "# c\n" + USER,
                        "{'name':'A','name':'B','email':'malformed@example.com'}",
                        "{'name':'A','email':'malformed@example.com','n\\u0061me':'B'}",
                        "{'name':'A\nB','email':'malformed@example.com'}",
                        "{'name':'A\0','email':'malformed@example.com'}",
                        "{'name':'\\x41'}",
                        "{'name':'\\u00'}",
                        "{'user_id':01}",
                        "{'user_id':+1}",
                        "{'user_id':0x1}",
                        "{'user_id':.5}",
                        "{'user_id':5.}",
                        "{'user_id':1_000}",
                        "\0" + USER,
                        USER + "\0",
                        "[".repeat(5000),
                        "[".repeat(5000) + "]".repeat(5000),
                        "{'a':".repeat(5000) + "1" + "}".repeat(5000),
                        "{'name':'A','email':'malformed@example.com','x':" + "[".repeat(5000) + "]".repeat(5000) + "}",
                        "[".repeat(1_000_000),
                        "name=A&email=malformed@example.com",
                        "<user/>",
                        "\uFEFF" + USER)
                .map(text -> malformed(text).at(""));
    }

    private static Stream<MalformedRequest> notUtf8() {
        Stream<MalformedRequest> inText = Stream.of(
                        "C0AF",
                        "E080AF",
                        "F08080AF",
                        "80",
                        "BF",
                        "C3",
                        "E282",
                        "F09F98",
                        "EDA080",
                        "EDBFBF",
                        "EDA0BDEDB880",
                        "F4908080",
                        "F888808080",
                        "FE",
                        "FF",
                        "C328",
                        "C080")
                .map(hex ->
                        post("bytes " + hex, splice("{\"name\":\"A", hex, "\",\"email\":\"malformed@example.com\"}")));
        Stream<MalformedRequest> whole = Stream.of(
                        UTF_16BE, UTF_16LE, Charset.forName("UTF-16"), Charset.forName("UTF-32BE"))
                .map(charset -> post("a body in " + charset, quoted(USER).getBytes(charset)));
        return Stream.of(
                        inText,
                        whole,
                        Stream.of(
                                post(
                                        "a body in UTF-16LE with a mark",
                                        quoted("\uFEFF" + USER).getBytes(UTF_16LE)),
                                post("a cut character at the end", splice(quoted(USER), "E282", ""))))
                .flatMap(rows -> rows)
                .map(row -> row.is(400, "malformed-body").at(""));
    }

    private static Stream<MalformedRequest> wrongTypes() {
        Stream<MalformedRequest> strings = Stream.of("5", "1.5", "true", "[]", "['A']", "{}", "-1e3")
                .map(value -> malformed("{'name':" + value + ",'email':'malformed@example.com'}")
                        .at("/name"));
        Stream<MalformedRequest> unknown = Stream.of(
                        "x", "id", "created_at", "Name", "name ", "", "__proto__", "a/b", "~", "@type", "createdAt")
                .map(name -> malformed("{'name':'A','email':'malformed@example.com','" + name + "':1}")
                        .at("/" + name.replace("~", "~0").replace("/", "~1")));
        return Stream.concat(
                strings,
                Stream.concat(
                        unknown,
                        Stream.of(
                                malformed("{'name':'A','email':'malformed@example.com','\\u0000':1}")
                                        .at("/\0"),
                                malformed("{'name':'A','email':'malformed@example.com','" + "\\ud800':1}"),
                                malformed("{'name':'A','email':'malformed@example.com','" + "x".repeat(100_000)
                                        + "':1}"))));
    }

    private static Stream<MalformedRequest> wrongUserIds() {
        return Stream.of(
                        "'1'",
                        "''",
                        "1.0",
                        "1.5",
                        "1e0",
                        "1E3",
                        "true",
                        "[]",
                        "[1]",
                        "{}",
                        "9223372036854775808",
                        "-9223372036854775809",
                        "9".repeat(400),
                        "-" + "9".repeat(400),
                        "1e-400",
                        "1e999999999")
                .map(value -> request("user_id " + value.substring(0, Math.min(30, value.length())), "POST", "/posts")
                        .json(quoted("{'title':'A','user_id':" + value + "}"))
                        .is(400, "malformed-body")
                        .at("/user_id"));
    }

    private static Stream<MalformedRequest> wrongElements() {
        return Stream.of(
                malformed("[1]").at("/0"),
                malformed("[[]]").at("/0"),
                malformed("[null]").at("/0"),
                malformed("[" + USER + ",'x']").at("/1"),
                malformed("[" + USER + ",{'name':5,'email':'malformed@example.com'}]")
                        .at("/1/name"),
                malformed("[" + USER + ",{'x':5}]").at("/1/x"),
                // What is malformed is said before what is invalid.
                malformed("[{'name':'','email':''},7]").at("/1"),
                post("an array of a user without fields", "[{}]".getBytes(UTF_8))
                        .is(422, "invalid-value")
                        .at("/0/email"),
                post(
                                "an email twice in an array",
                                quoted("[" + USER + "," + USER + "]").getBytes(UTF_8))
                        .is(409, "email-taken")
                        .at("/1/email"),
                request("a post of no user in an array", "POST", "/posts")
                        .json(quoted("[{'title':'a'},{'title':'b','user_id':9000000000000000000}]"))
                        .is(422, "invalid-value")
                        .at("/1/user_id"));
    }

    private static Stream<MalformedRequest> tooLarge() {
        byte[] slightly = new byte[1024 * 1024 + 1];
        byte[] much = new byte[10_000_000];
        Arrays.fill(slightly, (byte) ' ');
        Arrays.fill(much, (byte) 'x');
        return Stream.of(
                        post("1 MiB and a byte", slightly),
                        post("1 MiB and a byte in chunks", slightly).inChunks(),
                        post("10 MB", much),
                        post("10 MB in chunks", much).inChunks(),
                        request("10 MB to PUT", "PUT", "/posts/1").body("application/json", much),
                        request("10 MB to PATCH", "PATCH", "/posts/1")
                                .body("application/merge-patch+json", much)
                                .inChunks())
                .map(row -> row.is(413, "too-large"));
    }

    private static MalformedRequest malformed(String text) {
        return post("body " + shown(text), quoted(text).getBytes(UTF_8)).is(400, "malformed-body");
    }

    private static byte[] splice(String before, String hex, String after) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(before.getBytes(UTF_8));
        bytes.writeBytes(HexFormat.of().parseHex(hex));
        bytes.writeBytes(after.getBytes(UTF_8));
        return bytes.toByteArray();
    }
}
