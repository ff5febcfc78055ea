package dev.postfeed.feed;

import dev.postfeed.feed.FeedFaults.Fault;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Many writers and many subscribers, through two nodes and past them, while what can break breaks. What each subscriber
 * must get: all that was acknowledged and is there in the end; nothing that was not written, or was rolled back; nothing
 * twice, but for positions that were written coarser; and what was acknowledged before another post was sent, before it.
 */
final class FeedChecker {

    private static final int HTTP_WRITERS = 5;
    private static final int TRANSACTION_WRITERS = 5;
    private static final int PREPARED_WRITERS = 2;
    private static final int SUBSCRIBERS = 26;
    private static final int CUTTERS = 6;
    private static final Duration MOST_PAUSE = Duration.ofSeconds(8);
    private static final Duration LONGEST_END = Duration.ofSeconds(30);
    private static final Duration LONGEST_JOIN = Duration.ofSeconds(75);

    private final long seed;
    private final Duration duration;
    private final Random seeds;
    private final CheckerRun run;
    private final HttpClient http;
    private final List<Thread> writers = new ArrayList<>();
    private final List<Thread> readers = new ArrayList<>();
    private final List<FeedSubscriber> subscribers = new ArrayList<>();

    private FeedChecker(FeedCluster cluster, Duration duration, long seed) throws SQLException {
        this.seed = seed;
        this.duration = duration;
        this.seeds = new Random(seed);
        this.run = new CheckerRun(cluster, new WriteHistory(users(cluster)));
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
    }

    /**
     * One run.
     *
     * @param directory for the data of its PostgreSQL
     * @param duration of the writing; starting, and the rest for the subscribers, come on top of it
     * @param faults what is to happen, each at least once
     * @throws AssertionError that tells what went wrong, with all that it takes to find out why
     */
    static FeedReport check(Path directory, Duration duration, long seed, Collection<Fault> faults)
            throws IOException, SQLException, InterruptedException {
        Duration tenth = duration.dividedBy(10);
        Duration mostPause = tenth.compareTo(MOST_PAUSE) < 0 ? tenth : MOST_PAUSE;
        try (FeedCluster cluster = new FeedCluster(directory, Map.of())) {
            FeedChecker checker = new FeedChecker(cluster, duration, seed);
            checker.startBulkWriters();
            return checker.check(faults, mostPause);
        }
    }

    /**
     * One run on a cluster whose tables are empty, with clients that hang up in the middle, and without bulk: it may last long.
     *
     * @param mostPause before each fault; half of it on average
     */
    static FeedReport checkWithCuts(
            FeedCluster cluster, Duration duration, long seed, Collection<Fault> faults, Duration mostPause)
            throws IOException, SQLException, InterruptedException {
        FeedChecker checker = new FeedChecker(cluster, duration, seed);
        for (int i = 0; i < CUTTERS; i++) {
            String name = "cutter" + i;
            start(checker.writers, name, new StreamCutter(checker.run, name, checker.seeds.nextLong()));
        }
        return checker.check(faults, mostPause);
    }

    /** One run on a cluster that has a standby. */
    static FeedReport checkFailover(FeedCluster cluster, Duration duration, long seed, Collection<Fault> faults)
            throws IOException, SQLException, InterruptedException {
        return new FeedChecker(cluster, duration, seed).check(faults, duration.dividedBy(5));
    }

    private static List<Long> users(FeedCluster cluster) throws SQLException {
        List<Long> users = new ArrayList<>();
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("insert into users (name, email)"
                        + " select 'Ada', n || '@example.com' from generate_series(1, 5) n returning id")) {
            while (row.next()) {
                users.add(row.getLong(1));
            }
        }
        return users;
    }

    private FeedReport check(Collection<Fault> kinds, Duration mostPause)
            throws IOException, SQLException, InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        startWriters();
        startSubscribers();
        FeedFaults faults = new FeedFaults(run, kinds, mostPause, seeds.nextLong());
        try {
            faults.until(end);
            run.stopWriting();
            join(writers);
            compare();
        } catch (IOException | SQLException | RuntimeException e) {
            run.violation("it could not go on: " + e);
        } finally {
            run.end();
            join(writers);
            join(readers);
        }
        FeedReport report = FeedReport.of(seed, run, subscribers, faults.done());
        if (!run.violations().isEmpty()) {
            throw new AssertionError(describe(report));
        }
        return report;
    }

    /** Lets the subscribers get the rest, and checks what they have. */
    private void compare() throws IOException, SQLException, InterruptedException {
        PreparedWriter.sweep(run.cluster(), "");
        WrittenPosts written = new WrittenPosts(run);
        FeedVerdict verdict = new FeedVerdict(run, written);
        awaitSubscribers(verdict);
        for (int node = 0; node < FeedCluster.NODES; node++) {
            FinalFeed.check(run, http, node, written.table());
        }
        run.end();
        join(readers);
        run.history().delivered().forEach(written::requireWritten);
        subscribers.forEach(verdict::check);
    }

    private void startWriters() {
        for (int i = 0; i < HTTP_WRITERS; i++) {
            start(writers, "http" + i, new HttpWriter(run, http, "http" + i, seeds.nextLong()));
        }
        for (int i = 0; i < TRANSACTION_WRITERS; i++) {
            start(writers, "sql" + i, new TransactionWriter(run, "sql" + i, seeds.nextLong()));
        }
        for (int i = 0; i < PREPARED_WRITERS; i++) {
            start(writers, "prepared" + i, new PreparedWriter(run, "prepared" + i, seeds.nextLong()));
        }
    }

    /** Of thousands of posts at once. */
    private void startBulkWriters() {
        start(writers, "bulk", new BulkWriter(run, "bulk", seeds.nextLong()));
        start(writers, "long", new LongWriter(run, "long", seeds.nextLong()));
    }

    private void startSubscribers() {
        SharedPlaces shared = new SharedPlaces();
        List<FeedFilter> filters = FeedFilter.some(run.history().users());
        for (int i = 0; i < SUBSCRIBERS; i++) {
            FeedFilter filter = i % 4 == 3 ? filters.get(i / 4 % filters.size()) : FeedFilter.ALL;
            boolean slow = i % 7 == 6;
            Place start = i % 3 == 0 ? Place.now() : Place.earliest();
            FeedSubscriber subscriber =
                    new FeedSubscriber(run, shared, "subscriber" + i, filter, slow, start, seeds.nextLong());
            subscribers.add(subscriber);
            boolean list = filter.isAll() && i % 5 == 0;
            start(
                    readers,
                    "subscriber" + i,
                    list ? new ListStart(run, http, subscriber, seeds.nextLong()) : subscriber);
        }
    }

    private static void start(List<Thread> threads, String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    private void join(List<Thread> threads) throws InterruptedException {
        long end = System.nanoTime() + LONGEST_JOIN.toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            if (thread.isAlive()) {
                run.violation(thread.getName() + " does not end");
            }
        }
    }

    private void awaitSubscribers(FeedVerdict verdict) throws InterruptedException {
        long end = System.nanoTime() + LONGEST_END.toNanos();
        for (FeedSubscriber subscriber : subscribers) {
            while (!verdict.isComplete(subscriber) && System.nanoTime() < end) {
                Thread.sleep(100);
            }
        }
    }

    private String describe(FeedReport report) throws IOException {
        StringBuilder text = new StringBuilder("The feed is wrong in " + run.violationCount() + " ways. " + report);
        run.violations().forEach(violation -> text.append("\n- ").append(violation));
        for (int node = 0; node < FeedCluster.NODES; node++) {
            text.append("\nNode ")
                    .append(node)
                    .append(" printed last:\n")
                    .append(run.cluster().output(node));
        }
        return text.toString();
    }
}
