package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PrimaryAndStandby.Replication;
import dev.postfeed.feed.FeedFaults.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.convert.DurationStyle;

/**
 * The checker while the primary is killed and the standby takes over, with all commits or without the last ones. Longer:
 * {@code -Dpostfeed.checker.duration=5m -Dpostfeed.checker.seed=42}.
 */
class FailoverCheckerIntegrationTests {

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void everySubscriberGetsAllThatHasSurvived(Replication replication) throws Exception {
        Duration duration = DurationStyle.detectAndParse(System.getProperty("postfeed.checker.duration", "15s"));
        long seed = Long.getLong("postfeed.checker.seed", 20261130);
        try (FeedCluster cluster = new FeedCluster(directory, Map.of(), new Failover(directory, replication))) {
            FeedReport report = FeedChecker.checkFailover(
                    cluster, duration, seed, List.of(Fault.FAILOVER, Fault.END_READER_SESSION));
            System.out.println(replication + " " + report);
            assertThat(report.acknowledged()).isGreaterThan(500);
            assertThat(report.faults()).containsKey(Fault.FAILOVER);
        }
    }
}
