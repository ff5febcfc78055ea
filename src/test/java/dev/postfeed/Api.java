package dev.postfeed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.json.JsonMapper;

/** Requests in one line each. Headers are written as on the wire: {@code "If-Match: \"x\""}. */
public final class Api {

    private static final JsonMapper JSON = new JsonMapper();

    private final WebTestClient client;

    public Api(WebTestClient client) {
        this.client = client.mutate()
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(-1))
                .build();
    }

    public Answer get(String path, String... headers) {
        return send(HttpMethod.GET, path, null, null, headers);
    }

    public Answer head(String path, String... headers) {
        return send(HttpMethod.HEAD, path, null, null, headers);
    }

    public Answer delete(String path, String... headers) {
        return send(HttpMethod.DELETE, path, null, null, headers);
    }

    public Answer post(String path, String body, String... headers) {
        return send(HttpMethod.POST, path, "application/json", body, headers);
    }

    /** Lines of JSON; the answer's body is lines too. */
    public Answer postLines(String path, String lines, String... headers) {
        return send(HttpMethod.POST, path, "application/x-ndjson", lines, headers);
    }

    public Answer put(String path, String body, String... headers) {
        return send(HttpMethod.PUT, path, "application/json", body, headers);
    }

    public Answer patch(String path, String body, String... headers) {
        return send(HttpMethod.PATCH, path, "application/merge-patch+json", body, headers);
    }

    private Answer send(
            HttpMethod method, String path, @Nullable String type, @Nullable String body, String... headers) {
        WebTestClient.RequestBodySpec request = client.method(method).uri(path).headers(all -> {
            for (String header : headers) {
                int colon = header.indexOf(':');
                all.add(header.substring(0, colon), header.substring(colon + 1).strip());
            }
        });
        if (type != null && body != null) {
            request.header(HttpHeaders.CONTENT_TYPE, type).bodyValue(body.getBytes(UTF_8));
        }
        EntityExchangeResult<byte[]> result = request.exchange().expectBody().returnResult();
        byte[] bytes = result.getResponseBody();
        return new Answer(
                result.getStatus().value(), result.getResponseHeaders(), bytes == null ? "" : new String(bytes, UTF_8));
    }

    /** A JSON object of names and values in turn. */
    public static String json(@Nullable Object... namesAndValues) {
        Map<@Nullable Object, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return JSON.writeValueAsString(object);
    }

    /** An email that nobody has. */
    public static String newEmail() {
        return UUID.randomUUID() + "@example.com";
    }

    /** A user that is not there yet. */
    public static String newUser() {
        return json("name", "Ada", "email", newEmail());
    }
}
