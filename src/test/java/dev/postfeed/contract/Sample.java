package dev.postfeed.contract;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newUser;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * A request for an operation that it can answer, to be made one that it cannot.
 *
 * @param target what follows the address of the service
 * @param headers each once
 */
record Sample(
        String method,
        String target,
        Map<String, String> headers,
        @Nullable String body) {

    private static final HttpClient HTTP = client();

    /**
     * @param operation as {@link Description#operations} has it
     * @param api to write the row that it is about
     */
    static Sample of(String operation, Api api) {
        String method = operation.substring(0, operation.indexOf(' '));
        String path = operation.substring(method.length() + 1);
        String target = target(path, api);
        return switch (method) {
            case "POST" -> new Sample(method, target, Map.of("Content-Type", "application/json"), row(path));
            case "PUT" -> new Sample(method, target, Map.of("Content-Type", "application/json"), row(path));
            case "PATCH" ->
                new Sample(method, target, Map.of("Content-Type", "application/merge-patch+json"), row(path));
            default -> new Sample(method, target, Map.of(), null);
        };
    }

    private static String target(String path, Api api) {
        return switch (path) {
            case "/users/{id}" -> user(api);
            case "/users/{id}/posts" -> postsOfUser(api);
            case "/posts/{id}" -> api.post("/posts", row(path)).expect(201).header("Location");
            case "/docs/{file}" -> "/docs/docs.js";
            case "/page/{file}" -> "/page/page.js";
            case "/problems/{name}" -> "/problems/not-found";
            default -> path;
        };
    }

    private static String user(Api api) {
        return api.post("/users", newUser()).expect(201).header("Location");
    }

    /** Two: a page of one has a next one. */
    private static String postsOfUser(Api api) {
        String user = user(api);
        long id = Long.parseLong(user.substring("/users/".length()));
        api.post("/posts", json("title", "a", "user_id", id)).expect(201);
        api.post("/posts", json("title", "b", "user_id", id)).expect(201);
        return user + "/posts";
    }

    private static String row(String path) {
        return path.startsWith("/users") ? newUser() : json("title", "a");
    }

    Sample withTarget(String other) {
        return new Sample(method, other, headers, body);
    }

    /** Null takes a header away. */
    Sample with(String name, @Nullable String value) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.remove(name);
        if (value != null) {
            changed.put(name, value);
        }
        return new Sample(method, target, changed, body);
    }

    Sample withBody(String other) {
        return new Sample(method, target, headers, other);
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    /** The answer; of one without an end what has come by then, which is its head. */
    Answer send(int port) throws IOException, InterruptedException {
        return send(port, HTTP);
    }

    /** The same on a connection of its own. */
    Answer sendAlone(int port) throws IOException, InterruptedException {
        return send(port, client());
    }

    private Answer send(int port, HttpClient http) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                .timeout(Duration.ofSeconds(20))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::setHeader);
        HttpResponse<InputStream> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofInputStream());
        } catch (HttpTimeoutException e) {
            throw new AssertionError("no answer to " + method + " " + target + " " + headers.keySet(), e);
        }
        HttpHeaders answered = new HttpHeaders();
        response.headers().map().forEach(answered::addAll);
        try (InputStream in = response.body()) {
            boolean endless = "text/event-stream".equals(answered.getFirst("Content-Type")) && !method.equals("HEAD");
            return new Answer(response.statusCode(), answered, endless ? "" : new String(in.readAllBytes(), UTF_8));
        }
    }
}
