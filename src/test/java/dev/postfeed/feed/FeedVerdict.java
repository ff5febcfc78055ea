package dev.postfeed.feed;

import java.time.Duration;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the subscribers got, held against what was written. */
final class FeedVerdict {

    /** A node that cannot reach the database, or has much to read, lets {@code now} begin where it is. */
    private static final Duration LONGEST_LAG = Duration.ofSeconds(15);

    private final CheckerRun run;
    private final WrittenPosts written;
    private final Map<Visit, Long> latestSentBefore = new IdentityHashMap<>();

    FeedVerdict(CheckerRun run, WrittenPosts written) {
        this.run = run;
        this.written = written;
    }

    /** Whether a subscriber has all that it must have. */
    boolean isComplete(FeedSubscriber subscriber) {
        return subscriber.isCaughtUp() && missing(subscriber).isEmpty();
    }

    private BitSet missing(FeedSubscriber subscriber) {
        return subscriber.missing(written.expected(subscriber.since(), subscriber.filter()));
    }

    /** Checks a subscriber that has ended. */
    void check(FeedSubscriber subscriber) {
        BitSet missing = missing(subscriber);
        if (!missing.isEmpty() || !subscriber.isCaughtUp()) {
            run.violation(subscriber.name() + " misses " + missing.cardinality() + " posts:\n    "
                    + written.describe(missing)
                    + "\n  its connections:\n    " + describe(subscriber.visits()));
        }
        Failover failover = run.cluster().failover();
        for (Visit visit : subscriber.visits()) {
            if (failover != null && failover.isLossy() && visit.isBeforeFailover()) {
                continue; // Its ids have been given to others since.
            }
            checkOrder(subscriber, visit);
            checkContent(subscriber, visit);
        }
    }

    private String describe(List<Visit> visits) {
        return visits.stream().map(visit -> visit.describe(run)).collect(Collectors.joining("\n    "));
    }

    /** Who was acknowledged before another one was sent comes before it, also over connections. */
    private void checkOrder(FeedSubscriber subscriber, Visit visit) {
        long latest = latestSentBefore(visit);
        long latestId = 0;
        for (int i = 0; i < visit.size(); i++) {
            Insert insert = written.insert(visit.id(i));
            if (insert == null || visit.isRepeated(visit.id(i)) || isBeforeStart(insert, visit.start())) {
                continue;
            }
            if (insert.acknowledgedAt() < latest) {
                run.violation("%s got\n    %s after\n    %s\n    on %s"
                        .formatted(
                                subscriber.name(),
                                written.describe(visit.id(i)),
                                latestId == 0 ? "one of an earlier connection" : written.describe(latestId),
                                visit.describe(run)));
                return;
            }
            if (insert.sentAt() > latest) {
                latest = insert.sentAt();
                latestId = visit.id(i);
            }
        }
    }

    /** A merged position also brings posts from before the one who carries it began. */
    private static boolean isBeforeStart(Insert insert, Place start) {
        return !start.exact() && insert.commitSentAt() <= start.since();
    }

    /** When the last of those posts was sent that a subscriber had when it came. */
    private long latestSentBefore(Visit visit) {
        Long cached = latestSentBefore.get(visit);
        if (cached != null) {
            return cached;
        }
        Visit from = visit.start().visit();
        long latest = Long.MIN_VALUE;
        if (from != null) {
            latest = latestSentBefore(from);
            for (int i = 0; i < visit.start().size(); i++) {
                Insert insert = written.insert(from.id(i));
                latest = insert == null ? latest : Math.max(latest, insert.sentAt());
            }
        }
        latestSentBefore.put(visit, latest);
        return latest;
    }

    /** A filter lets only its own through, and {@code now} nothing that was acknowledged long before. */
    private void checkContent(FeedSubscriber subscriber, Visit visit) {
        for (int i = 0; i < visit.size(); i++) {
            Insert insert = written.insert(visit.id(i));
            if (insert == null) {
                continue;
            }
            if (!subscriber.filter().matches().test(insert)) {
                run.violation(subscriber.name() + " got " + written.describe(visit.id(i)));
                return;
            }
            if (visit.start().isNow() && insert.acknowledgedAt() < visit.asked() - LONGEST_LAG.toNanos()) {
                run.violation(subscriber.name() + " asked for now, and got " + written.describe(visit.id(i)) + " on "
                        + visit.describe(run));
                return;
            }
        }
    }
}
