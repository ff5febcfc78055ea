package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** What is asked of the feed, before any event. */
@PostfeedTest
@TestPropertySource(properties = "spring.application.name=feed")
class FeedRequestIntegrationTests {

    private static final String FEED = "/posts/feed";

    @Autowired
    MeterRegistry metrics;

    WebTestClient client;
    Api api;

    @BeforeEach
    void connect(@Autowired WebTestClient webClient) {
        client = webClient;
        api = new Api(webClient);
    }

    @Test
    void headAnswersTheHeadersAndEnds() {
        Answer answer =
                api.head(FEED + "?user_id=eq.7", "Accept: text/event-stream").expect(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.body()).isEmpty();
        api.head(FEED + "?limit=1").expect(400);
        assertThat(metrics.get("postfeed.feed.subscribers").gauge().value()).isZero();
    }

    @Test
    void optionsSaysWhatIsAllowed() {
        client.options()
                .uri(FEED)
                .exchange()
                .expectStatus()
                .isNoContent()
                .expectHeader()
                .valueEquals("Allow", "GET,HEAD,OPTIONS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
    void canOnlyBeRead(String method) {
        client.method(HttpMethod.valueOf(method))
                .uri(FEED)
                .exchange()
                .expectStatus()
                .isEqualTo(405)
                .expectHeader()
                .values(
                        "Allow",
                        allowed -> assertThat(String.join(",", allowed).split(","))
                                .containsExactlyInAnyOrder("GET", "HEAD", "OPTIONS"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/x-ndjson", "text/html", "text/event-stream;q=0"})
    void hasNoOtherForm(String type) {
        api.get(FEED, "Accept: " + type).expectProblem(406, "not-acceptable");
    }

    @ParameterizedTest
    @CsvSource({
        "limit=1, limit",
        "order=id, order",
        "select=id, select",
        "cursor=x, cursor",
        "colour=eq.red, colour",
        "last_event_id=1&x=1, x",
        "user_id=7, user_id",
        "user_id=eq.x, user_id",
        "or=(user_id.eq.1, or",
        "title=matches.x, title",
        "Last-Event-ID=1, Last-Event-ID",
    })
    void refusesWhatIsNoFilterAndNoPosition(String query, String parameter) {
        api.get(FEED + "?" + query, "Accept: text/event-stream")
                .expectProblem(400, "invalid-parameter")
                .parameter(parameter);
    }
}
