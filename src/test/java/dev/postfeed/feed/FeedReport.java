package dev.postfeed.feed;

import dev.postfeed.feed.FeedFaults.Fault;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What a run of the checker was made of. Posts are counted once each, deliveries for each subscriber. The timeline tells the faults. */
record FeedReport(
        long seed,
        long acknowledged,
        long unknown,
        long rolledBack,
        long deleted,
        int subscribers,
        int connections,
        long deliveries,
        long repeats,
        Map<Fault, Integer> faults,
        List<String> timeline) {

    static FeedReport of(long seed, CheckerRun run, List<FeedSubscriber> subscribers, Map<Fault, Integer> faults) {
        WriteHistory history = run.history();
        List<Visit> visits = subscribers.stream()
                .flatMap(subscriber -> subscriber.visits().stream())
                .toList();
        return new FeedReport(
                seed,
                rows(history.inserts(), Insert.Outcome.ACKNOWLEDGED),
                rows(history.inserts(), Insert.Outcome.UNKNOWN),
                rows(history.inserts(), Insert.Outcome.FAILED),
                history.deletes(),
                subscribers.size(),
                visits.size(),
                visits.stream().mapToLong(Visit::size).sum(),
                visits.stream().mapToLong(Visit::repeats).sum(),
                faults,
                run.faults());
    }

    private static long rows(Collection<Insert> inserts, Insert.Outcome outcome) {
        return inserts.stream()
                .filter(insert -> insert.outcome() == outcome)
                .mapToLong(Insert::rows)
                .sum();
    }
}
