package dev.postfeed.load;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.percent;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.randomSwitch;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.ScenarioBuilder;
import java.util.List;

/**
 * A day in the life, in a minute or in hours: visitors come more and more until noon and fewer until the night, in the
 * evening many stay and follow the feed, and at night, while they are there, somebody imports and exports.
 */
public class MixedSimulation extends LoadSimulation {

    private static final double NOON_PER_SECOND = 40;

    /** Whatever the visitors do by chance, those who follow in the evening have something to receive. */
    private static final double EVENING_POSTS_PER_SECOND = 2;

    private final Feed feed = new Feed();

    public MixedSimulation() {
        // An empty database has nothing to visit.
        ScenarioBuilder founder = people("the first post", feed.write());
        ScenarioBuilder visitors = people("visitors", visit());
        ScenarioBuilder followers = people(
                "followers in the evening", feed.follow(settings.part(0.2), settings.part(0.05), settings.part(0.15)));
        ScenarioBuilder columnist = people("the columnist of the evening", feed.write());
        ScenarioBuilder night = people(
                "import and export at night",
                People.register(),
                Lines.upload(settings.lines()),
                Lines.uploadAgain(settings.lines()),
                Lines.ndjson(settings.lines()),
                Lines.csv(settings.lines()));
        run(
                List.of(
                        founder.injectOpen(atOnceUsers(1)).andThen(visitors.injectOpen(day())),
                        followers.injectOpen(
                                nothingFor(settings.part(0.5)),
                                rampUsers(settings.subscribers()).during(settings.part(0.1))),
                        columnist.injectOpen(
                                nothingFor(settings.part(0.5)),
                                constantUsersPerSec(EVENING_POSTS_PER_SECOND).during(settings.part(0.4))),
                        night.injectOpen(nothingFor(settings.part(0.8)), atOnceUsers(1))),
                Feed.assertions(settings.delivery()));
    }

    private OpenInjectionStep[] day() {
        double noon = rate(NOON_PER_SECOND);
        double evening = noon / 3;
        double night = noon / 20;
        return new OpenInjectionStep[] {
            rampUsersPerSec(night).to(noon).during(settings.part(0.3)), // morning
            constantUsersPerSec(noon).during(settings.part(0.1)),
            rampUsersPerSec(noon).to(evening).during(settings.part(0.2)), // afternoon
            constantUsersPerSec(evening).during(settings.part(0.2)),
            rampUsersPerSec(evening).to(night).during(settings.part(0.2)) // night
        };
    }

    /** Most look around, some write, a few are new. */
    private ChainBuilder visit() {
        return exec(People.newest(), Resource.POST.open(), Resource.POST.readUnchanged())
                .exec(randomSwitch()
                        .on(
                                percent(25).then(feed.write(), Resource.POST.read()),
                                percent(5)
                                        .then(
                                                People.register(),
                                                Resource.USER.change(
                                                        "{\"name\":\"Grace\"}",
                                                        jsonPath("$.name").is("Grace")),
                                                Resource.USER.read())));
    }
}
