package dev.postfeed.feed;

import static dev.postfeed.feed.Subscribers.caughtUp;
import static dev.postfeed.feed.Subscribers.titles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postfeed.PostfeedProcess;
import dev.postfeed.Sql;
import dev.postfeed.TestPostgres;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import dev.postfeed.web.Await;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.test.web.reactive.server.WebTestClient;

/** SIGTERM while a thousand streams are open. */
@Covers(Fault.TERMINATED)
class FeedShutdownIntegrationTests {

    private static final Logger log = LoggerFactory.getLogger(FeedShutdownIntegrationTests.class);

    private static final int READERS = 900;
    private static final int STUCK = 100;

    /** Less than 3 s, and what a machine that is busy with other tests adds. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private static final Pattern SENT =
            Pattern.compile("^postfeed_feed_bytes_sent_bytes_total (\\S+)$", Pattern.MULTILINE);

    @TempDir
    Path directory;

    private static double sent(WebTestClient client) {
        Matcher sent = SENT.matcher(client.get()
                .uri("/actuator/prometheus")
                .exchange()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
        assertThat(sent.find()).isTrue();
        return Double.parseDouble(sent.group(1));
    }

    @Test
    void endsAllStreamsAndItselfWithinThreeSeconds() throws Exception {
        String database = TestPostgres.newDatabase();
        try (PostfeedProcess postfeed = PostfeedProcess.start(directory, Map.of("DATABASE_URL", database));
                Subscribers subscribers = new Subscribers(postfeed.awaitReady())) {
            List<FeedClient> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(subscribers.open(i % 2 == 0 ? "?title=eq.small" : "?title=like.sm*l"));
            }
            for (int i = 0; i < STUCK; i++) {
                subscribers.openNarrow("?title=eq.large");
            }
            for (FeedClient reader : readers) {
                caughtUp(reader);
            }
            fill(postfeed.client(), new Sql(database));

            Queue<Object> came = new ConcurrentLinkedQueue<>();
            Thread newcomers = new Thread(() -> comeAgain(postfeed, subscribers, came));
            newcomers.start();
            long asked = System.nanoTime();
            postfeed.stop();
            Duration took = Duration.ofNanos(System.nanoTime() - asked);
            newcomers.join();
            log.info("with {} streams open the service stopped after {}", READERS + STUCK, took);
            assertThat(took).isLessThan(LONGEST);
            assertThat(postfeed.exitCode()).isEqualTo(143);
            assertThat(postfeed.output()).doesNotContain("ERROR");

            for (FeedClient reader : readers) {
                assertThat(titles(reader, 1)).containsExactly("small");
                assertEnds(reader);
            }
            for (Object each : came) {
                if (each instanceof FeedClient client) {
                    assertThat(client.status()).isEqualTo(200);
                } else if (each instanceof FeedClient.Refused refused) {
                    assertThat(refused.status()).as("%s", refused).isEqualTo(503);
                }
            }
            assertThat(came).isNotEmpty();
        }
    }

    /** Until those who do not read can take no more. */
    private static void fill(WebTestClient client, Sql sql) throws InterruptedException {
        sql.run("insert into posts (title) values ('small')");
        double[] before = {-1};
        for (int i = 0; i < 10; i++) {
            sql.run("insert into posts (title, content) select 'large', repeat('x', 10000)"
                    + " from generate_series(1, 80)");
        }
        Await.until(Duration.ofSeconds(60), () -> {
            double now = sent(client);
            boolean full = now == before[0];
            before[0] = now;
            return full;
        });
    }

    private static void assertEnds(FeedClient client) {
        assertThatThrownBy(() -> client.next(Duration.ofSeconds(10))).isInstanceOf(EOFException.class);
        assertThat(client.ended()).as("with the closing chunk").isTrue();
    }

    private static void comeAgain(PostfeedProcess postfeed, Subscribers subscribers, Queue<Object> came) {
        while (postfeed.isAlive()) {
            try {
                came.add(subscribers.open(""));
            } catch (IOException e) {
                came.add(e);
            }
        }
    }
}
