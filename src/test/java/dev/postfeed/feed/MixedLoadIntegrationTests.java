package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.LeakDetector;
import dev.postfeed.PostfeedProcess;
import dev.postfeed.ProcessMemory;
import dev.postfeed.feed.FeedFaults.Fault;
import dev.postfeed.web.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.convert.DurationStyle;

/**
 * All at once on two nodes, whose database is restarted again and again: rows written and read, streams cut in the middle in
 * both directions, subscribers coming and going. Longer, with a restart a minute:
 * {@code ./mvnw test -Dtest=MixedLoadIntegrationTests -Dpostfeed.mixed-load.duration=10m}.
 */
class MixedLoadIntegrationTests {

    private static final long SEED = 20261130;
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final long LITTLE_HEAP = 8 * 1024 * 1024;
    private static final int FEW_FILES = 10;
    private static final Pattern ACQUIRED = Pattern.compile("(?m)^r2dbc_pool_acquired_connections\\{[^}]*} (\\S+)$");

    @TempDir
    Path directory;

    /** A node when nothing is asked of it. */
    private record AtRest(long heap, long files) {

        static AtRest of(PostfeedProcess node) throws IOException, InterruptedException {
            Await.until(() -> acquired(node) == 0);
            Thread.sleep(12_000); // Connections that a burst has opened are closed after 10 s.
            try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(node.pid()), "fd"))) {
                return new AtRest(ProcessMemory.heapInUse(node), files.count());
            }
        }

        private static double acquired(PostfeedProcess node) {
            Matcher pool = ACQUIRED.matcher(node.client()
                    .get()
                    .uri("/actuator/prometheus")
                    .exchange()
                    .expectBody(String.class)
                    .returnResult()
                    .getResponseBody());
            assertThat(pool.find()).isTrue();
            return Double.parseDouble(pool.group(1));
        }
    }

    @Test
    void nothingIsLostAndNothingGrows() throws Exception {
        Duration duration = DurationStyle.detectAndParse(System.getProperty("postfeed.mixed-load.duration", "30s"));
        try (FeedCluster cluster = new FeedCluster(directory, Map.of("SPRING_NETTY_LEAK_DETECTION", "paranoid"))) {
            System.out.println(check(cluster, WARM_UP, SEED));
            List<AtRest> before = atRest(cluster);
            cluster.emptyTables();
            System.out.println(check(cluster, duration, SEED + 1));
            List<AtRest> after = atRest(cluster);
            System.out.println("at rest before " + before + ", after " + after);

            for (int node = 0; node < FeedCluster.NODES; node++) {
                assertThat(LeakDetector.leaks(cluster.node(node).output())).isEmpty();
                assertThat(after.get(node).heap()).isLessThan(before.get(node).heap() * 5 / 4 + LITTLE_HEAP);
                assertThat(after.get(node).files()).isLessThan(before.get(node).files() + FEW_FILES);
            }
        }
    }

    private static FeedReport check(FeedCluster cluster, Duration duration, long seed) throws Exception {
        FeedReport report = FeedChecker.checkWithCuts(
                cluster, duration, seed, List.of(Fault.RESTART_SERVER), duration.dividedBy(5));
        assertThat(report.acknowledged()).isGreaterThan(200);
        assertThat(report.faults()).containsOnlyKeys(Fault.RESTART_SERVER);
        return report;
    }

    private static List<AtRest> atRest(FeedCluster cluster) throws IOException, InterruptedException {
        List<AtRest> nodes = new ArrayList<>();
        for (int node = 0; node < FeedCluster.NODES; node++) {
            nodes.add(AtRest.of(cluster.node(node)));
        }
        return nodes;
    }
}
