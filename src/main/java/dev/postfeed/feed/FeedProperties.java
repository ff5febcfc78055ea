package dev.postfeed.feed;

import dev.postfeed.web.Bounds;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * The live feed. Durations without a unit are in seconds.
 *
 * @param enabled whether there is a feed, default true; without one its address is not found, and nothing is read for it
 * @param poll how often to look for posts of programs that tell nobody, while anyone is subscribed; 1 ms to 1 min,
 *     default 50 ms
 * @param heartbeat after how long without an event a stream gets a comment; 1 s to 1 h, default 15 s
 * @param ringEvents events kept in memory for subscribers that lag behind, the others read the table; 16 to 1,048,576,
 *     rounded up to a power of two, default 16,384
 * @param ringSize the bytes of these events; 64 KB to 1 GB, default 16 MB
 * @param maxSubscribers of this node, one more gets 503; 1 to 1,000,000, default 10,000
 */
@ConfigurationProperties("postfeed.feed")
record FeedProperties(
        @DefaultValue("true") Boolean enabled,

        @DefaultValue("50ms") @DurationUnit(ChronoUnit.SECONDS)
        Duration poll,

        @DefaultValue("15s") @DurationUnit(ChronoUnit.SECONDS)
        Duration heartbeat,

        @DefaultValue("16384") Integer ringEvents,
        @DefaultValue("16MB") DataSize ringSize,
        @DefaultValue("10000") Integer maxSubscribers) {

    FeedProperties {
        Bounds.require("postfeed.feed.poll", poll, Duration.ofMillis(1), Duration.ofMinutes(1), "1ms to 60s");
        Bounds.require("postfeed.feed.heartbeat", heartbeat, Duration.ofSeconds(1), Duration.ofHours(1), "1s to 1h");
        Bounds.require("postfeed.feed.ring-events", ringEvents, 16, 1 << 20, "an integer from 16 to 1048576");
        Bounds.require(
                "postfeed.feed.ring-size", ringSize, DataSize.ofKilobytes(64), DataSize.ofGigabytes(1), "64KB to 1GB");
        Bounds.require("postfeed.feed.max-subscribers", maxSubscribers, 1, 1_000_000, "an integer from 1 to 1000000");
    }

    /** {@link #ringEvents} as a power of two. */
    int ringCapacity() {
        return Integer.highestOneBit(ringEvents * 2 - 1);
    }
}
