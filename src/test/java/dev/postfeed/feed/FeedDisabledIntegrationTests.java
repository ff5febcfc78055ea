package dev.postfeed.feed;

import static dev.postfeed.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** A node without a feed. */
@PostfeedTest
@TestPropertySource(properties = "postfeed.feed.enabled=false")
class FeedDisabledIntegrationTests {

    @Test
    void isAsIfThereWereNone(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        Api api = new Api(client);
        api.get("/posts/feed", "Accept: text/event-stream").expectProblem(404, "not-found");
        api.delete("/posts/feed").expectProblem(404, "not-found");
        api.post("/posts", json("title", "a")).expect(201);
        assertThat(api.get("/posts").expect(200).headers().containsHeader("Link"))
                .isFalse();
        assertThat(api.get("/actuator/prometheus").body()).doesNotContain("postfeed_feed");
        api.get("/actuator/health/readiness").expect(200);
        assertThat(new Sql(url)
                        .number("select count(*) from pg_stat_activity"
                                + " where datname = current_database() and application_name = 'postfeed-feed'"))
                .isZero();
    }
}
