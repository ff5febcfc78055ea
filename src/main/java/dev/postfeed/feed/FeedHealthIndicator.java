package dev.postfeed.feed;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Whether the feed's reader sees the database. A long backlog that is being read is no fault: each part of it begins with a
 * look. Unknown, and no reason not to be ready, on a node without a feed.
 */
@Component
class FeedHealthIndicator implements ReactiveHealthIndicator {

    /**
     * After a look a pass may read twice (with filters, and without those that are refused), 10 s each: then the reader is
     * slow, and so is everybody else. It looks once a second while nobody is subscribed.
     */
    private static final Duration LONGEST_WITHOUT_LOOK = Duration.ofSeconds(25);

    private final ObjectProvider<LiveFeed> enabled;

    FeedHealthIndicator(ObjectProvider<LiveFeed> enabled) {
        this.enabled = enabled;
    }

    @Override
    public Mono<Health> health() {
        return Mono.fromSupplier(() -> {
            LiveFeed feed = enabled.getIfAvailable();
            return (feed == null ? Health.unknown() : health(feed.sinceLook())).build();
        });
    }

    private static Health.Builder health(@Nullable Duration sinceLook) {
        if (sinceLook == null) {
            return Health.down().withDetail("reason", "the database has not been seen since this node started");
        }
        boolean seen = sinceLook.compareTo(LONGEST_WITHOUT_LOOK) <= 0;
        return (seen ? Health.up() : Health.down()).withDetail("secondsSinceLook", sinceLook.toSeconds());
    }
}
