package dev.postfeed.feed;

import dev.postfeed.feed.FeedLog.Head;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What the feed counts. */
final class FeedMetrics {

    private final MeterRegistry registry;
    private final Counter events;
    private final Counter bytes;
    private final Counter fallen;
    private final Counter reconnects;

    FeedMetrics(MeterRegistry registry) {
        this.registry = registry;
        events = Counter.builder("postfeed.feed.events.sent")
                .description("Posts sent to subscribers")
                .register(registry);
        bytes = Counter.builder("postfeed.feed.bytes.sent")
                .baseUnit("bytes")
                .description("Bytes of event streams, before the framing of HTTP")
                .register(registry);
        fallen = Counter.builder("postfeed.feed.cursors.fallen")
                .description("Times that a subscriber was too slow for the log and read the table instead")
                .register(registry);
        reconnects = Counter.builder("postfeed.feed.reader.reconnects")
                .description("Times that the reader lost its connection to the database, or did not get one")
                .register(registry);
    }

    /** Shows what is to be seen of the others. */
    void watch(AtomicInteger subscribers, FeedLog log, FeedReader reader) {
        Gauge.builder("postfeed.feed.subscribers", subscribers, AtomicInteger::get)
                .description("Open streams")
                .register(registry);
        Gauge.builder("postfeed.feed.highest.id", log, FeedMetrics::highest)
                .description("The highest id read, 0 before the first look")
                .register(registry);
        Gauge.builder("postfeed.feed.holes.open", log, FeedMetrics::holes)
                .description("Ranges of ids that were drawn and may yet come")
                .register(registry);
        TimeGauge.builder("postfeed.feed.holes.oldest.age", reader, TimeUnit.NANOSECONDS, FeedReader::oldestHoleAge)
                .description("For how long the lowest of them has been open")
                .register(registry);
        TimeGauge.builder("postfeed.feed.behind", reader, TimeUnit.NANOSECONDS, FeedReader::behind)
                .description("How old the last look at the database is that everything has been read of")
                .register(registry);
    }

    private static double highest(FeedLog log) {
        Head head = log.head();
        return head == null ? 0 : head.position().highest();
    }

    private static double holes(FeedLog log) {
        Head head = log.head();
        return head == null ? 0 : head.position().open().size();
    }

    void sent(int posts, int size) {
        events.increment(posts);
        bytes.increment(size);
    }

    void fellOut() {
        fallen.increment();
    }

    void reconnected() {
        reconnects.increment();
    }
}
