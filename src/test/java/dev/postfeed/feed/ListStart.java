package dev.postfeed.feed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.BitSet;
import java.util.Iterator;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A subscriber that reads the list of all posts first, and then the feed that goes on with it: nothing is in between. */
final class ListStart implements Runnable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern MONITOR =
            Pattern.compile("</posts/feed\\?last_event_id=(?<position>[^>&]+)>; rel=\"monitor\"");

    private final CheckerRun run;
    private final HttpClient http;
    private final FeedSubscriber subscriber;
    private final Random random;

    ListStart(CheckerRun run, HttpClient http, FeedSubscriber subscriber, long seed) {
        this.run = run;
        this.http = http;
        this.subscriber = subscriber;
        this.random = new Random(seed);
    }

    @Override
    public void run() {
        try {
            Place place = null;
            while (place == null && run.pause(random, 2_000)) {
                place = list(random.nextInt(FeedCluster.NODES));
            }
            if (place == null) {
                run.violation(subscriber.name() + " got no list with a position");
            } else {
                subscriber.startAt(place);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            run.violation(subscriber.name() + " failed: " + e);
        }
        subscriber.run();
    }

    private @Nullable Place list(int node) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(run.cluster().url(node) + "/posts"))
                .header("Accept", "application/x-ndjson")
                .build();
        try {
            HttpResponse<Stream<String>> response = http.send(request, HttpResponse.BodyHandlers.ofLines());
            if (response.statusCode() != 200) {
                return null;
            }
            BitSet listed = new BitSet();
            for (Iterator<String> lines = response.body().iterator(); lines.hasNext(); ) {
                listed.set(JSON.readTree(lines.next()).path("id").asInt());
            }
            Matcher link = MONITOR.matcher(response.headers().firstValue("Link").orElse(""));
            if (!link.find()) {
                return null; // The node has not seen the database yet.
            }
            // A post may be in both.
            return new Place(link.group("position"), listed, Long.MIN_VALUE, false, null, 0);
        } catch (IOException | UncheckedIOException e) {
            return null;
        }
    }
}
