package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Subscribers of one node, which go when the test ends; and what they expect. */
final class Subscribers implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final String baseUrl;
    private final List<FeedClient> clients = new ArrayList<>();

    Subscribers(int port) {
        this("http://127.0.0.1:" + port);
    }

    Subscribers(String baseUrl) {
        this.baseUrl = baseUrl;
    }

    /** @param query with its question mark, or empty */
    FeedClient open(String query) throws IOException {
        return open(query, null);
    }

    FeedClient open(String query, @Nullable String lastEventId) throws IOException {
        return keep(FeedClient.connect(baseUrl, "/posts/feed" + query, lastEventId));
    }

    /** One whose system takes little of what it does not read. */
    FeedClient openNarrow(String query) throws IOException {
        return keep(FeedClient.connect(baseUrl, "/posts/feed" + query, null, 8 * 1024));
    }

    private FeedClient keep(FeedClient client) {
        clients.add(client);
        return client;
    }

    /** One that has caught up with what was written before. */
    FeedClient follow(String query) throws IOException {
        FeedClient client = open(query);
        caughtUp(client);
        return client;
    }

    static StreamEvent next(FeedClient client, String type) throws IOException {
        StreamEvent event = client.next(LONGEST);
        assertThat(event).as("a %s within %s", type, LONGEST).isNotNull();
        assertThat(event.event()).as("%s", event).isEqualTo(type);
        return event;
    }

    /** The next event says that the replay is done; the position that it tells. */
    static String caughtUp(FeedClient client) throws IOException {
        StreamEvent event = next(client, "caught-up");
        assertThat(event.data()).isEqualTo("{\"position\":\"" + event.id() + "\"}");
        return event.id();
    }

    /** The next event says that the position means nothing; the reason. */
    static String reset(FeedClient client) throws IOException {
        StreamEvent event = next(client, "reset");
        JsonNode reset = JSON.readTree(event.data());
        assertThat(reset.path("position").asString()).isEqualTo(event.id());
        return reset.path("reason").asString();
    }

    /** The next event is a post. */
    static JsonNode post(FeedClient client) throws IOException {
        return JSON.readTree(next(client, "post").data());
    }

    /** The titles of the posts that come next, and nothing between them. */
    static List<String> titles(FeedClient client, int count) throws IOException {
        List<String> titles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            titles.add(post(client).path("title").asString());
        }
        return titles;
    }

    /** The title of the first post, before the end of the replay or after it. */
    static String firstTitle(FeedClient client) throws IOException {
        return titlesAround(client, 1).get(0);
    }

    /** The titles of the posts that come next, among which the replay may end. */
    static List<String> titlesAround(FeedClient client, int count) throws IOException {
        List<String> titles = new ArrayList<>();
        boolean replayed = false;
        while (titles.size() < count) {
            StreamEvent event = client.next(LONGEST);
            assertThat(event).as("after %s", titles).isNotNull();
            if (event.event().equals("caught-up") && !replayed) {
                replayed = true;
            } else {
                assertThat(event.event()).as("%s", event).isEqualTo("post");
                titles.add(JSON.readTree(event.data()).path("title").asString());
            }
        }
        return titles;
    }

    /** The ids of the posts that come next, and nothing between them. */
    static List<Long> ids(FeedClient client, int count) throws IOException {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(post(client).path("id").asLong());
        }
        return ids;
    }

    @Override
    public void close() throws IOException {
        for (FeedClient client : clients) {
            client.close();
        }
    }
}
