import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks all services the same, and wants the same answers, as JSON values: figures of different answers are worth nothing. */
final class Answers {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int LINES = 100;

    // Not all of them cope with an offer of HTTP/2.
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Service> services;
    private int compared;

    private Answers(List<Service> services) {
        this.services = services;
    }

    /** How many answers were compared; the first that differs is an {@link IOException}. */
    static int compare(List<Service> services, int posts) throws IOException, InterruptedException {
        Answers answers = new Answers(services);
        for (int id : new int[] {1, 2, 999, posts / 3, posts}) {
            answers.same("/posts/" + id);
        }
        answers.same("/posts?order=id.desc&limit=20");
        for (int id : new int[] {0, 1000, posts - 20}) {
            answers.same("/posts?id=gt." + id + "&limit=20");
        }
        answers.sameLines("/posts?limit=" + LINES);
        for (Service service : services) {
            answers.created(service, "{\"title\":\"A post\",\"content\":\"of a user\",\"user_id\":7}");
            answers.created(service, "{\"title\":\"\\\"Ünï\\\" 😀\",\"content\":null,\"user_id\":null}");
        }
        return answers.compared;
    }

    private void same(String path) throws IOException, InterruptedException {
        Object expected = null;
        for (Service service : services) {
            Object answer = value(Json.parse(get(service, path, "application/json")));
            expected = service == services.get(0) ? answer : expected;
            equal(service, path, expected, answer);
        }
    }

    private void sameLines(String path) throws IOException, InterruptedException {
        List<Object> expected = List.of();
        for (Service service : services) {
            List<Object> lines = get(service, path, "application/x-ndjson")
                    .lines()
                    .map(line -> value(Json.parse(line)))
                    .toList();
            expected = service == services.get(0) ? lines : expected;
            equal(service, path, LINES, lines.size());
            equal(service, path, expected, lines);
        }
    }

    /** What was posted to one is what is answered, and what all have then. */
    private void created(Service by, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                request(by, "/posts")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        equal(by, "POST " + body, 201, response.statusCode());
        Map<?, ?> created = (Map<?, ?>) value(Json.parse(response.body()));
        Map<?, ?> sent = (Map<?, ?>) Json.parse(body);
        for (Map.Entry<?, ?> field : sent.entrySet()) {
            equal(by, "POST " + body, String.valueOf(field.getValue()), String.valueOf(created.get(field.getKey())));
        }
        for (Service service : services) {
            String path = "/posts/" + created.get("id");
            equal(service, path, created, value(Json.parse(get(service, path, "application/json"))));
        }
    }

    private String get(Service service, String path, String accept) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                request(service, path).header("Accept", accept).build(), HttpResponse.BodyHandlers.ofString());
        equal(service, path, 200, response.statusCode());
        String type = response.headers().firstValue("Content-Type").orElse("none");
        equal(service, path, accept, type.replaceAll(";.*", ""));
        return response.body();
    }

    private static HttpRequest.Builder request(Service service, String path) {
        return HttpRequest.newBuilder(URI.create(service.uri() + path)).timeout(TIMEOUT);
    }

    /** Times as such: one writes Z, the other +00:00. */
    private static Object value(Object json) {
        if (json instanceof List<?> list) {
            return list.stream().map(Answers::value).toList();
        }
        if (json instanceof Map<?, ?> map) {
            Map<Object, Object> values = new HashMap<>(); // Which may have nulls.
            map.forEach((name, value) -> values.put(
                    name,
                    name.equals("created_at")
                            ? OffsetDateTime.parse((String) value).toInstant()
                            : value));
            return values;
        }
        return json;
    }

    private void equal(Service service, String what, Object expected, Object answer) throws IOException {
        if (!expected.equals(answer)) {
            throw new IOException(service.name() + ", " + what + ": expected " + expected + ", but was " + answer);
        }
        compared++;
    }
}
