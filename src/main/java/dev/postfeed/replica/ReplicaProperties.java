package dev.postfeed.replica;

import dev.postfeed.web.Bounds;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.StringUtils;

/**
 * The replica that is read from. A duration without a unit is in seconds.
 *
 * @param url of the form of {@code DATABASE_URL}; blank, the default, is none, and then the rest means nothing
 * @param maxWait the longest that a read waits until the replica has the position that its client hands back, then it is the
 *     primary's; 0 (no wait) to 10 s, default 200 ms
 * @param maxLag how old what a read gets may be at most; a replica that is further behind is not read from; 1 s to 1 h,
 *     default 10 s. While the primary cannot be asked, reads of the replica go on for this long
 */
@ConfigurationProperties("postfeed.replica")
record ReplicaProperties(
        @Nullable String url,

        @DefaultValue("200ms") @DurationUnit(ChronoUnit.SECONDS)
        Duration maxWait,

        @DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS)
        Duration maxLag) {

    ReplicaProperties {
        url = StringUtils.hasText(url) ? url : null;
        Bounds.require("postfeed.replica.max-wait", maxWait, Duration.ZERO, Duration.ofSeconds(10), "0 to 10s");
        Bounds.require("postfeed.replica.max-lag", maxLag, Duration.ofSeconds(1), Duration.ofHours(1), "1s to 1h");
    }

    /** The URL may have a password. */
    @Override
    public String toString() {
        return "ReplicaProperties[maxWait=" + maxWait + ", maxLag=" + maxLag + "]";
    }
}
