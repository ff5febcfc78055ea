package dev.postfeed.feed;

import static dev.postfeed.Api.json;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the API, at either node in turn. */
final class HttpWriter implements Runnable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int TRIES = 40;

    private final CheckerRun run;
    private final WriteHistory history;
    private final String name;
    private final Random random;
    private final HttpClient http;

    HttpWriter(CheckerRun run, HttpClient http, String name, long seed) {
        this.run = run;
        this.history = run.history();
        this.http = http;
        this.name = name;
        this.random = new Random(seed);
    }

    @Override
    public void run() {
        try {
            while (run.pause(random, 40)) {
                step(random.nextInt(FeedCluster.NODES));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            run.violation("writer " + name + " failed: " + e);
        }
    }

    private void step(int node) throws InterruptedException {
        switch (random.nextInt(12)) {
            case 0, 1 -> array(node, null);
            case 2 -> array(node, UUID.randomUUID().toString());
            case 3, 4 -> lines(node, null);
            case 5 -> lines(node, UUID.randomUUID().toString());
            case 6 -> one(node, UUID.randomUUID().toString());
            case 7 -> update(node);
            case 8 -> delete(node);
            default -> one(node, null);
        }
    }

    private void one(int node, @Nullable String key) throws InterruptedException {
        Insert insert = history.next(random, name, how("one", node, key), 1).sent();
        JsonNode answer = post(node, "application/json", body(random, insert, 0), key);
        if (answer != null) {
            insert.id(0, answer.path("id").asLong());
            insert.end(Insert.Outcome.ACKNOWLEDGED);
        }
        history.add(insert);
    }

    private void array(int node, @Nullable String key) throws InterruptedException {
        int rows = 1 + random.nextInt(20);
        Insert insert = history.next(random, name, how("array", node, key), rows);
        String body = IntStream.range(0, rows)
                .mapToObj(row -> body(random, insert, row))
                .collect(Collectors.joining(",", "[", "]"));
        insert.sent();
        JsonNode answer = post(node, "application/json", body, key);
        if (answer != null) {
            for (int row = 0; row < rows; row++) {
                insert.id(row, answer.path(row).path("id").asLong());
            }
            insert.end(Insert.Outcome.ACKNOWLEDGED);
        }
        history.add(insert);
    }

    /** Each line is an insert by itself: those before a failure are stored. */
    private void lines(int node, @Nullable String key) throws InterruptedException {
        List<Insert> inserts = new ArrayList<>();
        for (int i = 1 + random.nextInt(50); i > 0; i--) {
            inserts.add(history.next(random, name, how("lines", node, key), 1));
        }
        String body = inserts.stream().map(insert -> body(random, insert, 0)).collect(Collectors.joining("\n"));
        inserts.forEach(Insert::sent);
        JsonNode answers = post(node, "application/x-ndjson", body, key);
        if (answers != null) {
            for (JsonNode answer : answers) {
                if (answer.path("status").asInt() == 201) {
                    Insert insert = inserts.get(answer.path("line").asInt() - 1);
                    insert.id(0, answer.path("id").asLong());
                    insert.end(Insert.Outcome.ACKNOWLEDGED);
                }
            }
        }
        inserts.forEach(history::add);
    }

    private void update(int node) throws InterruptedException {
        long id = history.recentId(random);
        if (id != 0) {
            send(request(node, "/posts/" + id, "application/merge-patch+json")
                    .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"content\":\"updated\"}"))
                    .build());
        }
    }

    private void delete(int node) throws InterruptedException {
        long id = history.recentId(random);
        if (id != 0) {
            history.deleting(id);
            send(request(node, "/posts/" + id, "application/json").DELETE().build());
        }
    }

    static String body(Random random, Insert insert, int row) {
        String title = insert.title(row);
        String content = switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> "";
            case 2 -> "two\nlines\r\n\u2028of 😀";
            default -> "x".repeat(random.nextInt(2000));
        };
        return json("title", title, "content", content, "user_id", insert.user() == 0 ? null : insert.user());
    }

    private static String how(String what, int node, @Nullable String key) {
        return "POST " + what + (key == null ? "" : " with a key") + " at node " + node;
    }

    /** The answer when all is stored, null when nobody knows. With a key it comes again, at either node. */
    private @Nullable JsonNode post(int node, String type, String body, @Nullable String key)
            throws InterruptedException {
        for (int i = 0; i == 0 || key != null && i < TRIES && run.writing(); i++) {
            HttpRequest.Builder request = request(node, "/posts", type).POST(HttpRequest.BodyPublishers.ofString(body));
            if (key != null) {
                request.header("Idempotency-Key", '"' + key + '"');
            }
            HttpResponse<String> response = send(request.build());
            boolean lines = type.endsWith("ndjson");
            if (response != null && response.statusCode() == (lines ? 200 : 201)) {
                JsonNode answer =
                        JSON.readTree(lines ? "[" + response.body().strip().replace("\n", ",") + "]" : response.body());
                boolean whole = !lines || !response.body().contains("\"status\":503");
                if (whole || key == null) {
                    return answer;
                }
            }
            if (key != null) {
                Thread.sleep(250);
                node = random.nextInt(FeedCluster.NODES);
            }
        }
        return null;
    }

    private HttpRequest.Builder request(int node, String path, String type) {
        return HttpRequest.newBuilder(URI.create(run.cluster().url(node) + path))
                .timeout(TIMEOUT)
                .header("Content-Type", type);
    }

    private @Nullable HttpResponse<String> send(HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            int status = response.statusCode();
            if (status >= 300 && status != 404 && !run.cluster().isUnavailable(status)) {
                run.violation(request + " was answered " + status + " " + response.body());
            }
            return response;
        } catch (IOException e) {
            return null;
        }
    }
}
