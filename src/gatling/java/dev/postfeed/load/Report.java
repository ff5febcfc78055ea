package dev.postfeed.load;

import io.gatling.commons.stats.KO$;
import io.gatling.commons.stats.OK$;
import io.gatling.commons.stats.Status;
import io.gatling.commons.validation.Success;
import io.gatling.core.action.SessionHook;
import io.gatling.core.stats.StatsEngine;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.Session;
import java.util.List;
import java.util.function.Function;
import scala.Option;

/**
 * Puts what was measured without a request among the requests of the report, with the times it had. Gatling's own
 * {@code dummy} would sleep for as long as it reports, and so hold up the virtual user.
 */
final class Report {

    /** From start to end in milliseconds since 1970; a failure says what, and is empty where there is none. */
    record Entry(String name, long start, long end, String failure) {}

    private Report() {}

    static ActionBuilder entries(Function<Session, List<Entry>> entries) {
        return () -> (context, next) -> {
            StatsEngine statistics = context.coreComponents().statsEngine();
            return new SessionHook(
                    session -> new Success<>(log(entries.apply(new Session(session)), session, statistics)),
                    "report",
                    statistics,
                    next);
        };
    }

    private static io.gatling.core.session.Session log(
            List<Entry> entries, io.gatling.core.session.Session session, StatsEngine statistics) {
        for (Entry entry : entries) {
            boolean failed = !entry.failure().isEmpty();
            Status status = failed ? KO$.MODULE$ : OK$.MODULE$;
            statistics.logResponse(
                    session.scenario(),
                    session.groups(),
                    entry.name(),
                    entry.start(),
                    entry.end(),
                    status,
                    Option.empty(),
                    failed ? Option.apply(entry.failure()) : Option.empty());
        }
        return session;
    }
}
