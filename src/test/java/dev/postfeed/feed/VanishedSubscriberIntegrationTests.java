package dev.postfeed.feed;

import static dev.postfeed.Api.json;
import static dev.postfeed.feed.Subscribers.titles;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Api;
import dev.postfeed.Application;
import dev.postfeed.TestPostgres;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import dev.postfeed.faults.OtherNetwork;
import dev.postfeed.web.Await;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

/** A subscriber whose machine goes from the network, which nobody is told. */
@Timeout(180)
class VanishedSubscriberIntegrationTests {

    /** For which what was sent may stay unacknowledged. */
    private static final Duration USER_TIMEOUT = Duration.ofSeconds(60);

    @Test
    @Covers(Fault.SUBSCRIBER_STUCK)
    void isLetGoWithinTheUserTimeoutWhileOthersAreServed() throws Exception {
        try (OtherNetwork network = new OtherNetwork();
                ConfigurableApplicationContext service = SpringApplication.run(
                        Application.class,
                        "--server.port=0",
                        "--server.address=0.0.0.0",
                        "--postfeed.security.open=true",
                        "--postfeed.feed.heartbeat=1s",
                        "--postfeed.database.url=" + TestPostgres.newDatabase())) {
            String port = service.getEnvironment().getRequiredProperty("local.server.port");
            String url = "http://127.0.0.1:" + port;
            try (Subscribers subscribers = new Subscribers(url)) {
                FeedClient stays = subscribers.follow("");
                Process client = network.start(
                        "bash",
                        "-c",
                        "exec 3<>/dev/tcp/" + OtherNetwork.THIS_SIDE + "/" + port
                                + "; printf 'GET /posts/feed HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' >&3; exec cat <&3");
                BufferedReader read = client.inputReader();
                String line = "";
                while (!line.equals("event: caught-up")) {
                    line = read.readLine();
                    assertThat(line).as("before the stream began").isNotNull();
                }
                assertThat(subscribers(service)).isEqualTo(2);

                network.vanish();
                long vanished = System.nanoTime();
                Api api = new Api(WebTestClient.bindToServer().baseUrl(url).build());
                int[] posts = {0};
                Await.until(USER_TIMEOUT.plusSeconds(20), () -> {
                    String title = "post " + posts[0]++;
                    api.post("/posts", json("title", title)).expect(201);
                    assertTitle(stays, title);
                    return subscribers(service) == 1;
                });
                assertThat(Duration.ofNanos(System.nanoTime() - vanished)).isGreaterThan(USER_TIMEOUT.minusSeconds(10));
            }
        }
    }

    private static double subscribers(ConfigurableApplicationContext service) {
        return service.getBean(MeterRegistry.class)
                .get("postfeed.feed.subscribers")
                .gauge()
                .value();
    }

    private static void assertTitle(FeedClient client, String title) {
        try {
            assertThat(titles(client, 1)).containsExactly(title);
            Thread.sleep(200);
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
