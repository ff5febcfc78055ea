package dev.postfeed.load;

import static io.gatling.javaapi.core.CoreDsl.rampUsers;

import io.gatling.javaapi.core.ScenarioBuilder;
import java.util.List;

/** Many follow the feed, go away and come again, while others write more and more posts: each has all, once and in time. */
public class FeedSimulation extends LoadSimulation {

    private static final double PEAK_POSTS_PER_SECOND = 40;

    public FeedSimulation() {
        Feed feed = new Feed();
        ScenarioBuilder writers = people("writers", feed.write());
        ScenarioBuilder subscribers =
                people("subscribers", feed.follow(settings.part(0.35), settings.part(0.1), settings.part(0.5)));
        run(
                List.of(
                        subscribers.injectOpen(rampUsers(settings.subscribers()).during(settings.part(0.1))),
                        writers.injectOpen(stairs(PEAK_POSTS_PER_SECOND))),
                Feed.assertions(settings.delivery()));
    }
}
