package dev.postfeed.load;

import static io.gatling.javaapi.core.CoreDsl.forAll;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.incrementUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;

import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.core.exec.Executable;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What all simulations share: the service, how the rate rises, and what must hold in the end. */
abstract class LoadSimulation extends Simulation {

    /** A reader of the feed that misses one message of its buffer reports a loss that is none. */
    private static final int MESSAGES_BUFFERED = 1_000_000;

    /** For those that have come to finish. */
    private static final Duration GRACE = Duration.ofMinutes(2);

    final LoadSettings settings = LoadSettings.ofSystemProperties();

    /** Each virtual user has connections of its own, and sends what it is told to: nothing is cached, no URL rewritten. */
    private final HttpProtocolBuilder protocol = http.baseUrl(settings.url().toString())
            .acceptHeader("application/json")
            .userAgentHeader("Gatling")
            .disableCaching()
            .disableUrlEncoding()
            .sseUnmatchedInboundMessageBufferSize(MESSAGES_BUFFERED);

    /** Who gets a wrong answer goes: what would follow from it is not counted. */
    static ScenarioBuilder people(String name, Executable first, Executable... then) {
        return scenario(name).exitBlockOnFail().on(first, then);
    }

    /** People who come whether or not those before them are served, at a rate that rises in steps. */
    OpenInjectionStep stairs(double peakPerSecond) {
        double step = rate(peakPerSecond) / settings.steps();
        return incrementUsersPerSec(step)
                .times(settings.steps())
                .eachLevelLasting(settings.duration().dividedBy(settings.steps()))
                .startingFrom(step);
    }

    double rate(double perSecond) {
        return perSecond * settings.scale();
    }

    /** No answer may be wrong, and of each kind 99 of 100 must be in time. */
    void run(List<PopulationBuilder> people, Assertion... more) {
        Stream<Assertion> all = Stream.of(
                global().failedRequests().count().is(0L),
                forAll().responseTime().percentile(99).lt(millis(settings.p99())));
        setUp(people)
                .protocols(protocol)
                .assertions(Stream.concat(all, Stream.of(more)).toList())
                .maxDuration(settings.duration().plus(GRACE));
    }

    static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
