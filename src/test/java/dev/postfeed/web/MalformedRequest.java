package dev.postfeed.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.StringUtils;

/** A row of the table of malformed requests: the request, and the problem that it must get. */
final class MalformedRequest {

    private static final int CHUNK = 64 * 1024;

    private final String what;
    private final String method;
    private final String target;
    private final List<String> headers = new ArrayList<>();
    private byte @Nullable [] body;
    private boolean chunked;

    private int status;
    private String problem = "";
    private @Nullable String pointer;
    private @Nullable String parameter;
    private @Nullable String header;
    private Set<String> elements = Set.of();

    private MalformedRequest(String what, String method, String target) {
        this.what = what;
        this.method = method;
        this.target = target;
    }

    static MalformedRequest request(String what, String method, String target) {
        return new MalformedRequest(what, method, target);
    }

    static MalformedRequest get(String what, String target) {
        return request(what, "GET", target);
    }

    static MalformedRequest post(String what, byte[] body) {
        return request(what, "POST", "/users").body("application/json", body);
    }

    /** Text with quotation marks where it was written with apostrophes. */
    static String quoted(String text) {
        return text.replace('\'', '"');
    }

    /** The start of a text, for the name of a row. */
    static String shown(String text) {
        String start = text.substring(0, Math.min(60, text.length()));
        return start.replaceAll("\\p{Cntrl}", ".") + (text.length() > 60 ? "… of " + text.length() : "");
    }

    MalformedRequest with(String header) {
        headers.add(header);
        return this;
    }

    MalformedRequest body(String type, byte[] bytes) {
        body = bytes;
        return with("Content-Type: " + type);
    }

    MalformedRequest body(byte[] bytes) {
        body = bytes;
        return this;
    }

    MalformedRequest json(String text) {
        return body("application/json", text.getBytes(UTF_8));
    }

    MalformedRequest inChunks() {
        chunked = true;
        return this;
    }

    MalformedRequest is(int status, String problem) {
        this.status = status;
        this.problem = problem;
        return this;
    }

    /** The first error is at this JSON pointer. */
    MalformedRequest at(String pointer) {
        this.pointer = pointer;
        return this;
    }

    MalformedRequest parameter(String name) {
        parameter = name;
        return this;
    }

    /** The answer has a header with (at least) these elements. */
    MalformedRequest tells(String header, String... elements) {
        this.header = header;
        this.elements = Set.of(elements);
        return this;
    }

    /** Whether it takes rows to see what is wrong: another one's email, a user that is not there, what a patch is merged with. */
    boolean needsRows() {
        return problem.equals("email-taken") || what.contains("of no") || (method.equals("PATCH") && status == 422);
    }

    Answer send(int port) throws IOException, InterruptedException {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        headers.forEach(each -> head.append(each).append("\r\n"));
        byte[] content = body;
        if (content != null && chunked) {
            head.append("Transfer-Encoding: chunked\r\n");
            content = RawHttp.chunked(content, CHUNK);
        } else if (content != null) {
            head.append("Content-Length: ").append(content.length).append("\r\n");
        }
        head.append("Connection: close\r\n\r\n");
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.toString().getBytes(ISO_8859_1));
        if (content != null) {
            request.writeBytes(content);
        }
        return RawHttp.send(port, request.toByteArray());
    }

    /** Asserts that this is the answer. */
    void check(Answer answer) {
        try {
            expect(answer);
        } catch (AssertionError e) {
            throw new AssertionError(this + ": " + e.getMessage(), e);
        }
    }

    private void expect(Answer answer) {
        answer.expectProblem(status, problem);
        assertThat(answer.text("/instance")).as("%s", answer).isEqualTo(path());
        if (pointer != null) {
            answer.at(pointer);
        }
        if (parameter != null) {
            answer.parameter(parameter);
        }
        if (header != null) {
            assertThat(StringUtils.commaDelimitedListToSet(
                            answer.header(header).toUpperCase(Locale.ROOT).replace(" ", "")))
                    .as("%s of %s", header, answer)
                    .containsAll(elements.stream()
                            .map(element -> element.toUpperCase(Locale.ROOT))
                            .toList());
        }
        assertThat(answer.headers().containsHeader(HttpHeaders.ETAG)).isFalse();
    }

    private String path() {
        String path = target.replaceFirst("^http://[^/]+", "");
        // A semicolon is data to the service: RequestTarget encodes it.
        return path.replaceFirst("\\?.*", "").replace(";", "%3B");
    }

    @Override
    public String toString() {
        return what + ": " + status + " " + problem;
    }
}
