package dev.postfeed.feed;

import static dev.postfeed.faults.Fault.COMMIT_LATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.faults.Covers;
import dev.postfeed.feed.FeedFaults.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.convert.DurationStyle;

/**
 * The checker for about 20 s. Alone, and longer:
 * {@code ./mvnw test -Dtest=FeedCheckerIntegrationTests -Dpostfeed.checker.duration=5m -Dpostfeed.checker.seed=42};
 * with {@code -Dpostfeed.checker.faults=CRASH_SERVER,KILL_NODE} only these happen.
 */
@Covers(COMMIT_LATE)
class FeedCheckerIntegrationTests {

    /** But for those of {@link TopologyIntegrationTests} and {@link FailoverCheckerIntegrationTests}. */
    private static final String ALL = EnumSet.complementOf(EnumSet.of(Fault.ROLLING_RESTART, Fault.FAILOVER)).stream()
            .map(Fault::name)
            .collect(Collectors.joining(","));

    @TempDir
    Path directory;

    @Test
    void everySubscriberGetsAllThatWasWrittenAndNothingElse() throws Exception {
        Duration duration = DurationStyle.detectAndParse(System.getProperty("postfeed.checker.duration", "20s"));
        long seed = Long.getLong("postfeed.checker.seed", 20261122);
        List<Fault> faults = Stream.of(
                        System.getProperty("postfeed.checker.faults", ALL).split(","))
                .map(Fault::valueOf)
                .toList();
        FeedReport report = FeedChecker.check(directory, duration, seed, faults);
        System.out.println(report);
        assertThat(report.acknowledged()).isGreaterThan(1_000);
        assertThat(report.rolledBack()).isPositive();
        assertThat(report.deliveries()).isGreaterThan(report.acknowledged());
        assertThat(report.faults()).containsOnlyKeys(faults);
    }
}
