package dev.postfeed.feed;

import static dev.postfeed.Api.json;
import static dev.postfeed.feed.Subscribers.caughtUp;
import static dev.postfeed.feed.Subscribers.ids;
import static dev.postfeed.feed.Subscribers.titles;
import static dev.postfeed.feed.Subscribers.titlesAround;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.web.Await;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Streams of some posts. */
@PostfeedTest
@TestPropertySource(properties = {"spring.application.name=feed-filter", "postfeed.feed.heartbeat=1s"})
class FeedFilterIntegrationTests extends FeedFixture {

    @Autowired
    MeterRegistry metrics;

    @Test
    void aFilterMeansWhatItMeansInAList() throws IOException {
        long user = api.post("/users", Api.newUser()).id();
        List<String> filters = List.of(
                "user_id.eq." + user,
                "user_id.is.null",
                "content.is.null",
                "content.not.is.null",
                "title.ilike.*JAVA*",
                "title.like.*java*",
                "title.eq.Java",
                "title.gt.b",
                "and(title.ilike.j*,content.not.is.null)",
                "not.and(user_id.is.null,content.is.null)",
                "created_at.lt.2020-01-01",
                "content.in.(\"\",\"a,b\")");
        // Whoever has a filter gets the last one, too: then all before it has come.
        Map<String, FeedClient> live = new LinkedHashMap<>();
        for (String filter : filters) {
            live.put(filter, subscribers.follow("?or=(" + filter.replace("\"", "%22") + ",title.eq.last)"));
        }
        String start = subscribers.follow("").lastEventId();
        for (String title : List.of("Java", "javaScript", "rust", "a", "JÄVA java")) {
            for (String content : new String[] {null, "", "a,b", "x"}) {
                api.post("/posts", json("title", title, "content", content)).expect(201);
                api.post("/posts", json("title", title, "content", content, "user_id", user))
                        .expect(201);
            }
        }
        api.post("/posts", json("title", "last")).expect(201);
        for (String filter : filters) {
            List<Long> expected = new ArrayList<>();
            api.get("/posts?limit=1000&id=gt." + start + "&or=(" + filter + ",title.eq.last)")
                    .expect(200)
                    .json()
                    .forEach(post -> expected.add(post.path("id").asLong()));
            assertThat(ids(live.get(filter), expected.size())).as(filter).isEqualTo(expected);
            FeedClient replayed = subscribers.open(
                    "?last_event_id=" + start + "&or=(" + filter.replace("\"", "%22") + ",title.eq.last)");
            assertThat(ids(replayed, expected.size())).as(filter).isEqualTo(expected);
            caughtUp(replayed);
        }
    }

    @Test
    void aFilterThatComesWhileOthersWriteMissesNothingAndRepeatsNothing() throws Exception {
        String start = subscribers.follow("").lastEventId();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 3000; i++) {
                sql.run("insert into posts (title) values (?)", "post " + i);
            }
        });
        List<FeedClient> clients = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String last = Integer.toString(i % 10);
            // Each filter is new to the reader, which does not know of it for what it has read before.
            clients.add(subscribers.open("?title=like.*" + last + "&title=neq.filter" + i + "&last_event_id=" + start));
            Thread.sleep(20); // Others are at other places of what is being written.
        }
        writer.join();
        for (int i = 0; i < 30; i++) {
            int last = i % 10;
            assertThat(titlesAround(clients.get(i), 300))
                    .isEqualTo(IntStream.range(0, 300)
                            .mapToObj(n -> "post " + (10 * n + last))
                            .toList());
        }
    }

    /** Different comparisons, none of which another one has. */
    private static String comparisons(int first, int count) {
        return "?or=("
                + IntStream.range(first, first + count)
                        .mapToObj(i -> "title.eq." + i)
                        .collect(Collectors.joining(","))
                + ")";
    }

    @Test
    void aThousandComparisonsAreAskedOfEachPostAndNotOneMore() throws Exception {
        Await.until(() -> metrics.get("postfeed.feed.subscribers").gauge().value() == 0);
        List<FeedClient> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(subscribers.follow(comparisons(100 * i, 100)));
        }
        subscribers.follow(comparisons(50, 100)); // Known ones cost nothing.
        api.get("/posts/feed?title=eq.1000", "Accept: text/event-stream").expectProblem(503, "overloaded");
        FeedClient withoutQuestion = subscribers.follow("?user_id=is.null");
        for (String title : List.of("0", "999", "1000")) {
            api.post("/posts", json("title", title)).expect(201);
        }
        assertThat(titles(clients.get(0), 1)).containsExactly("0");
        assertThat(titles(clients.get(9), 1)).containsExactly("999");
        assertThat(titles(withoutQuestion, 3)).containsExactly("0", "999", "1000");

        clients.get(9).close();
        Await.until(() -> metrics.get("postfeed.feed.subscribers").gauge().value() == 11);
        FeedClient after = subscribers.follow("?title=eq.1000");
        api.post("/posts", json("title", "1000")).expect(201);
        assertThat(titles(after, 1)).containsExactly("1000");
        subscribers.follow(comparisons(1001, 99));
        api.get("/posts/feed?title=eq.2000", "Accept: text/event-stream").expectProblem(503, "overloaded");
    }

    @Test
    void aHeartbeatTellsHowFarTheFeedIsThoughNothingMatched() throws IOException {
        try (EventStreamBytes stream = new EventStreamBytes(port, "?title=eq.nothing")) {
            stream.readHead();
            assertThat(stream.readBlock()).startsWith("retry: ");
            assertThat(stream.readBlock()).contains("event: caught-up");
            assertThat(stream.readBlock()).isEqualTo(":\n\n");
            long id = api.post("/posts", json("title", "another")).id();
            String next = stream.readBlock();
            while (next.equals(":\n\n")) {
                next = stream.readBlock();
            }
            assertThat(next).isEqualTo("id: " + id + "\n\n");
            assertThat(stream.readBlock()).isEqualTo(":\n\n");
            assertThat(stream.readBlock()).as("nothing has moved").isEqualTo(":\n\n");
        }
    }
}
