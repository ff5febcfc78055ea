package dev.postfeed.load;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pause;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.List;

/**
 * Everything of a user as NDJSON and as CSV, each whole, while others have asked for it too and read nothing. They are
 * more than the service has connections, so that it stands still if a stream keeps one.
 */
public class StreamSimulation extends LoadSimulation {

    private static final double PEAK_PER_SECOND = 3;
    private static final int SILENT_READERS = 40;

    /** Until what the kernel takes for those who do not read, a megabyte and a half each, is full. */
    private static final Duration STANDSTILL = Duration.ofSeconds(5);

    private final SilentReaders silentReaders = new SilentReaders();
    private volatile String author = "";

    public StreamSimulation() {
        int rows = settings.rows();
        ScenarioBuilder preparation = people(
                "preparation",
                People.register(),
                Lines.uploadAll(rows, settings.lines()),
                exec(this::askedByManyWhoDoNotRead),
                pause(STANDSTILL));
        ScenarioBuilder ndjson = people("readers of NDJSON", exec(this::sameAuthor), Lines.ndjson(rows));
        ScenarioBuilder csv = people("readers of CSV", exec(this::sameAuthor), Lines.csv(rows));
        run(List.of(preparation
                .injectOpen(atOnceUsers(1))
                .andThen(ndjson.injectOpen(stairs(PEAK_PER_SECOND)), csv.injectOpen(stairs(PEAK_PER_SECOND)))));
    }

    private Session askedByManyWhoDoNotRead(Session session) {
        author = session.getString(Resource.USER.id());
        silentReaders.ask(SILENT_READERS, settings.url(), "/users/" + author + "/posts");
        return session;
    }

    private Session sameAuthor(Session session) {
        return session.set(Resource.USER.id(), author);
    }

    @Override
    public void after() {
        silentReaders.close();
    }
}
