package dev.postfeed.feed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** The whole feed of a node, when nobody writes any more: the table, in the form of its list. */
final class FinalFeed {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LONGEST = Duration.ofSeconds(180);

    private FinalFeed() {}

    static void check(CheckerRun run, HttpClient http, int node, BitSet table)
            throws IOException, InterruptedException {
        Map<Long, String> feed = feed(run, node);
        Map<Long, String> list = new TreeMap<>();
        HttpRequest request = HttpRequest.newBuilder(URI.create(run.cluster().url(node) + "/posts?order=id"))
                .header("Accept", "application/x-ndjson")
                .build();
        http.send(request, HttpResponse.BodyHandlers.ofLines()).body().forEach(post -> list.put(id(post), post));
        BitSet ids = new BitSet();
        list.keySet().forEach(id -> ids.set(id.intValue()));
        if (!ids.equals(table)) {
            run.violation("the list of node " + node + " is not the table");
        }
        list.forEach((id, post) -> {
            if (!post.equals(feed.get(id))) {
                run.violation(
                        "the feed of node " + node + " from earliest has " + feed.get(id) + " instead of " + post);
            }
        });
        feed.keySet().removeAll(list.keySet());
        if (!feed.isEmpty()) {
            run.violation("the feed of node " + node + " from earliest has what is not there: " + feed);
        }
    }

    private static Map<Long, String> feed(CheckerRun run, int node) throws IOException {
        Map<Long, String> feed = new TreeMap<>();
        long end = System.nanoTime() + LONGEST.toNanos();
        try (FeedClient client = FeedClient.connect(run.cluster().url(node), "/posts/feed", Place.EARLIEST)) {
            while (System.nanoTime() < end) {
                StreamEvent event = client.next(Duration.ofSeconds(1));
                if (event != null && event.event().equals("caught-up")) {
                    return feed;
                }
                if (event != null && feed.put(id(event.data()), event.data()) != null) {
                    run.violation("the feed of node " + node + " from earliest repeats " + event);
                }
            }
        }
        run.violation("the feed of node " + node + " from earliest has not caught up within " + LONGEST);
        return feed;
    }

    private static Long id(String post) {
        return JSON.readTree(post).path("id").asLong();
    }
}
