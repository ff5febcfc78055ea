package dev.postfeed.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** The page of a node that has as many subscribers as it may have: its 503 ends a browser's EventSource for good. */
@TestPropertySource(properties = "postfeed.feed.max-subscribers=1")
class FullFeedPageIntegrationTests extends PageFixture {

    @Test
    void comesAgainUntilItIsLetInAndHasMissedNothing() throws InterruptedException, IOException {
        post("before");
        try (InputStream other = follow()) {
            assertThat(other.read()).isPositive();
            page.driver.get(network.url());
            page.awaitState("reconnecting");
            page.awaitTitle("before");
            post("meanwhile");
        }
        page.awaitState("live", Duration.ofSeconds(60)); // It asks twice as seldom each time, up to half a minute.
        page.awaitTitle("meanwhile");
        post("after");
        page.awaitTitle("after");
        assertThat(page.titles()).containsExactly("after", "meanwhile", "before");
        assertThat(page.find("#received").getText()).isEqualTo("2");
    }

    private InputStream follow() throws IOException {
        return URI.create("http://127.0.0.1:" + port + "/posts/feed").toURL().openStream();
    }
}
