package dev.postfeed.feed;

import static dev.postfeed.Api.json;
import static dev.postfeed.feed.Subscribers.caughtUp;
import static dev.postfeed.feed.Subscribers.ids;
import static dev.postfeed.feed.Subscribers.titles;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.LeakDetector;
import dev.postfeed.PostfeedTest;
import dev.postfeed.web.Await;
import dev.postfeed.web.StreamClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;

/** Subscribers that do not read for a while, and those that go without a word. The log has 16 posts only. */
@PostfeedTest
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(properties = {"postfeed.feed.ring-events=16", "postfeed.feed.ring-size=64KB"})
class FeedSlowReaderIntegrationTests extends FeedFixture {

    @Autowired
    MeterRegistry metrics;

    private double fallen() {
        return metrics.get("postfeed.feed.cursors.fallen").counter().count();
    }

    private double open() {
        return metrics.get("postfeed.feed.subscribers").gauge().value();
    }

    /** With a filter that is decided here, and one that PostgreSQL decides. */
    @ParameterizedTest
    @ValueSource(strings = {"", "?user_id=is.null", "?content=like.x*"})
    void whoDoesNotReadForAWhileGetsEachPostOnceAndInOrder(String filter) throws Exception {
        FeedClient slow = subscribers.openNarrow(filter);
        caughtUp(slow);
        FeedClient other = subscribers.follow("");
        double before = fallen();
        List<Long> written = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            written.addAll(sql
                    .column("insert into posts (title, content) select 'post', repeat('x', 4000)"
                            + " from generate_series(1, 10) returning id")
                    .stream()
                    .map(Long::valueOf)
                    .toList());
            assertThat(ids(other, 10)).isEqualTo(written.subList(10 * i, 10 * i + 10));
        }
        assertThat(ids(slow, written.size())).isEqualTo(written);
        assertThat(fallen()).as("times that the log was too short").isGreaterThan(before);
        api.post("/posts", json("title", "live", "content", "x")).expect(201);
        assertThat(titles(slow, 1)).containsExactly("live");
        FeedClient nothingLeft = subscribers.open(filter, slow.lastEventId());
        caughtUp(nothingLeft);
    }

    @Test
    void whoReadsSlowlyWhileOthersWriteGetsEachPostOnce() throws Exception {
        FeedClient slow = subscribers.openNarrow("");
        caughtUp(slow);
        Thread writer = new Thread(() -> {
            for (int i = 0; i < 400; i++) {
                sql.run("insert into posts (title, content) select 'post', repeat('x', 4000)"
                        + " from generate_series(1, 5)");
            }
        });
        long first = sql.number("select coalesce(max(id), 0) from posts") + 1;
        writer.start();
        List<Long> read = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            read.addAll(ids(slow, 50));
            Thread.sleep(10); // A client that takes its time.
        }
        writer.join();
        assertThat(read)
                .isEqualTo(sql.column("select id from posts where id >= ? order by id", first).stream()
                        .map(Long::valueOf)
                        .toList());
    }

    @Test
    void whoGoesWithoutAWordIsGone(CapturedOutput log) throws Exception {
        subscribers.close();
        Await.until(() -> open() == 0);
        int before;
        try (LeakDetector detector = new LeakDetector()) {
            before = log.getAll().length();
            String[] queries = {"", "?last_event_id=earliest", "?title=like.*o*", "?user_id=eq.1&last_event_id=0"};
            for (int round = 0; round < 20; round++) {
                List<StreamClient> clients = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    clients.add(new StreamClient(port, "/posts/feed" + queries[i % 4], "text/event-stream"));
                    if (i % 3 > 0) {
                        clients.get(i).readHead();
                    }
                }
                sql.run("insert into posts (title, content) select 'post', repeat('x', 4000)"
                        + " from generate_series(1, 40)");
                for (StreamClient client : clients) {
                    client.close();
                }
                System.gc(); // The detector tells of buffers that the collector has found.
            }
            Await.until(() -> open() == 0);
        }
        assertThat(log.getAll().substring(before)).doesNotContain("LEAK:");
        FeedClient client = subscribers.follow("");
        api.post("/posts", json("title", "next")).expect(201);
        assertThat(titles(client, 1)).containsExactly("next");
    }

    @Test
    void whoLeavesIsNotCountedAnyMore() throws Exception {
        double before = open();
        FeedClient client = subscribers.follow("");
        FeedClient filtered = subscribers.follow("?title=like.a");
        assertThat(open()).isEqualTo(before + 2);
        client.close();
        filtered.close();
        Await.until(() -> open() == before);
    }

    @Test
    void aPostLargerThanTheLogComes() throws IOException {
        FeedClient client = subscribers.follow("");
        FeedClient filtered = subscribers.follow("?title=like.l*");
        for (int i = 0; i < 5; i++) {
            api.post("/posts", json("title", "large " + i, "content", "x".repeat(500_000)))
                    .expect(201);
        }
        for (FeedClient each : List.of(client, filtered)) {
            assertThat(titles(each, 5)).containsExactly("large 0", "large 1", "large 2", "large 3", "large 4");
        }
    }
}
