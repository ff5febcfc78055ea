package dev.postfeed.load;

import static io.gatling.javaapi.core.CoreDsl.asLongAsDuring;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.during;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.substring;
import static io.gatling.javaapi.http.HttpDsl.sse;

import io.gatling.http.action.sse.SseInboundMessage;
import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/** The live feed: those who write posts, and those who follow them. */
final class Feed {

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String SUBSCRIBER = "subscriber";
    private static final String POSITION = "position";
    private static final String SENT = "sent";

    private final Acknowledged acknowledged = new Acknowledged();

    /** A post that says when it was sent. */
    ChainBuilder write() {
        return exec(session -> session.set(SENT, System.currentTimeMillis()))
                .exec(Resource.POST.create(
                        "{\"title\":\"A post to follow\",\"content\":\"" + Subscriber.SENT + "#{" + SENT + "}\"}"))
                .exec(session -> {
                    acknowledged.add(session.getLong(Resource.POST.id()), session.getLong(SENT));
                    return session;
                });
    }

    /** Follows the feed, goes away, comes again with its position, and in the end has each post once. */
    ChainBuilder follow(Duration before, Duration away, Duration after) {
        return exec(subscribe("subscribe", "now"))
                .exec(this::begin)
                .exec(receive(Subscriber::receive), listen(before), leave())
                .pause(away)
                .exec(session -> session.set(POSITION, subscriber(session).position()))
                .exec(subscribe("resume", "#{" + POSITION + "}"), receive(Subscriber::replay), listen(after))
                .exec(session -> {
                    subscriber(session).finish();
                    return session;
                })
                .exec(asLongAsDuring(session -> !subscriber(session).isComplete(), PATIENCE)
                        .on(look()))
                .exec(Report.entries(session -> List.of(subscriber(session).verdict(System.currentTimeMillis()))))
                .exec(leave());
    }

    /** That posts were delivered at all, and 99 of 100 in time. */
    static Assertion[] assertions(Duration delivery) {
        return new Assertion[] {
            details(Subscriber.DELIVERED).successfulRequests().count().gt(0L),
            details(Subscriber.DELIVERED).responseTime().percentile(99).lt(LoadSimulation.millis(delivery))
        };
    }

    private static ChainBuilder subscribe(String name, String position) {
        return exec(sse(name)
                .get("/posts/feed")
                .header("Last-Event-ID", position)
                .await(PATIENCE)
                .on(sse.checkMessage("catch up")
                        .matching(substring("\"event\":\"caught-up\""))
                        .check(jsonPath("$.id").saveAs(POSITION))));
    }

    private Session begin(Session session) {
        return session.set(
                SUBSCRIBER, new Subscriber(acknowledged, session.getString(POSITION), System.currentTimeMillis()));
    }

    private static ChainBuilder leave() {
        return exec(sse("leave").close());
    }

    private static ChainBuilder listen(Duration duration) {
        return during(duration).on(look());
    }

    private static ChainBuilder look() {
        return pause(LOOK).exec(receive(Subscriber::receive));
    }

    private static ChainBuilder receive(BiConsumer<Subscriber, List<SseInboundMessage>> how) {
        return exec(sse.processUnmatchedMessages((messages, session) -> {
                    how.accept(subscriber(session), messages);
                    return session;
                }))
                .exec(Report.entries(session -> subscriber(session).deliveries()));
    }

    private static Subscriber subscriber(Session session) {
        return session.get(SUBSCRIBER);
    }
}
