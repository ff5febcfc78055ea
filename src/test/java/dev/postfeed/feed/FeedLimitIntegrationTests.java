package dev.postfeed.feed;

import static dev.postfeed.Api.json;
import static dev.postfeed.feed.Subscribers.titles;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import dev.postfeed.web.Await;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** More subscribers than there may be. */
@PostfeedTest
@TestPropertySource(properties = "postfeed.feed.max-subscribers=2")
@Covers(Fault.SUBSCRIBERS_TOO_MANY)
class FeedLimitIntegrationTests {

    private static final String FEED = "/posts/feed";
    private static final String ACCEPT = "Accept: text/event-stream";

    Api api;

    @Autowired
    MeterRegistry metrics;

    @AutoClose
    Subscribers subscribers;

    @BeforeEach
    void connect(@Autowired WebTestClient client, @LocalServerPort int port) {
        api = new Api(client);
        subscribers = new Subscribers(port);
    }

    private double open() {
        return metrics.get("postfeed.feed.subscribers").gauge().value();
    }

    @Test
    void refusesOneMoreUntilOneHasLeft() throws Exception {
        for (int round = 0; round < 3; round++) {
            FeedClient first = subscribers.follow("");
            FeedClient second = subscribers.follow("?title=like.*");
            for (String more : List.of("", "?last_event_id=earliest", "?title=ilike.x")) {
                Answer refused = api.get(FEED + more, ACCEPT).expectProblem(503, "overloaded");
                assertThat(refused.header("Retry-After")).matches("[1-9]\\d*");
                assertThat(refused.text("/detail")).contains("POSTFEED_FEED_MAX_SUBSCRIBERS=2");
                refused.traceId();
            }
            assertThat(open()).isEqualTo(2);
            api.head(FEED, ACCEPT).expect(200);
            api.get(FEED + "?limit=1", ACCEPT).expectProblem(400, "invalid-parameter");
            api.post("/posts", json("title", "a")).expect(201);
            for (FeedClient each : List.of(first, second)) {
                assertThat(titles(each, 1)).containsExactly("a");
            }

            first.close();
            Await.until(() -> open() == 1);
            FeedClient third = subscribers.follow("");
            api.post("/posts", json("title", "b")).expect(201);
            assertThat(titles(third, 1)).containsExactly("b");
            assertThat(titles(second, 1)).containsExactly("b");
            second.close();
            third.close();
            Await.until(() -> open() == 0);
        }
    }
}
