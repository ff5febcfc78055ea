package dev.postfeed.feed;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.postgresql.PGConnection;

/** Breaks what can break, one thing after the other; each of them at least once. */
final class FeedFaults {

    enum Fault {
        END_POOLED_SESSIONS,
        END_READER_SESSION,
        RESTART_SERVER,
        CRASH_SERVER,
        CRASH_SERVER_WITH_IDS_DRAWN,
        KILL_NODE,
        ROLLING_RESTART,
        /** Of a cluster that has a standby; it is over after the first time. */
        FAILOVER
    }

    private static final int DRAWN = 200;
    private static final Duration LONGEST_DRAWING = Duration.ofSeconds(5);

    private final CheckerRun run;
    private final Random random;
    private final Duration mostPause;
    private final List<Fault> faults;
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);

    /**
     * @param faults what is to happen
     * @param mostPause before each; half of it on average
     */
    FeedFaults(CheckerRun run, Collection<Fault> faults, Duration mostPause, long seed) {
        this.run = run;
        this.faults = List.copyOf(faults);
        this.random = new Random(seed);
        this.mostPause = mostPause;
    }

    /** Goes on until this time, {@link System#nanoTime}, and at least until all has happened once. */
    void until(long end) throws IOException, SQLException, InterruptedException {
        while (System.nanoTime() < end) {
            List<Fault> round = new ArrayList<>(faults);
            Collections.shuffle(round, random);
            for (Fault fault : round) {
                Thread.sleep(random.nextInt((int) mostPause.toMillis()));
                if (System.nanoTime() < end || !done.containsKey(fault)) {
                    run.fault(fault + " " + commit(fault));
                    done.merge(fault, 1, Integer::sum);
                }
            }
        }
    }

    Map<Fault, Integer> done() {
        return done;
    }

    private String commit(Fault fault) throws IOException, SQLException, InterruptedException {
        FeedCluster cluster = run.cluster();
        return switch (fault) {
            case END_POOLED_SESSIONS -> endSessions("postfeed", 3);
            case END_READER_SESSION -> endSessions("postfeed-feed", 1);
            case RESTART_SERVER -> {
                cluster.restartServer();
                yield "";
            }
            case CRASH_SERVER -> {
                cluster.crashServer();
                yield "";
            }
            case FAILOVER -> Objects.requireNonNull(cluster.failover()).happen();
            case CRASH_SERVER_WITH_IDS_DRAWN -> crashWithIdsDrawn();
            case KILL_NODE -> {
                int node = random.nextInt(FeedCluster.NODES);
                run.fault(fault + " " + node + " now");
                cluster.restartNode(node);
                yield node + " is back";
            }
            case ROLLING_RESTART -> {
                run.fault(fault + " now");
                cluster.restartNodesInTurn();
                yield "all are back";
            }
        };
    }

    private String endSessions(String applicationName, int count) throws SQLException, InterruptedException {
        int ended = 0;
        for (long end = System.nanoTime() + 10_000_000_000L; ended < count && System.nanoTime() < end; ) {
            if (run.cluster().terminate(random, applicationName)) {
                ended++;
            } else {
                Thread.sleep(20);
            }
        }
        if (ended == 0) {
            run.violation("there is no session named " + applicationName);
        }
        return Integer.toString(ended);
    }

    /**
     * A sequence is not flushed to the log before some transaction that drew from it commits: after a crash, ids that
     * readers have seen drawn are drawn again, here by a transaction that begins at once and commits late.
     */
    private String crashWithIdsDrawn() throws IOException, SQLException, InterruptedException {
        FeedCluster cluster = run.cluster();
        long end = System.nanoTime() + LONGEST_DRAWING.toNanos();
        run.hold();
        long before;
        boolean lost = false;
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement();
                Connection other = cluster.connect()) {
            connection.setAutoCommit(false);
            do {
                connection.rollback();
                before = drawUnnoticed(statement);
                lost = !isFlushed(statement);
            } while (!lost && System.nanoTime() < end);
            cluster.crashSession(connection.unwrap(PGConnection.class).getBackendPID());
            awaitEnd(other);
        } finally {
            run.go();
        }
        return "ids up to " + before + ", then from " + drawAgain() + (lost ? "" : ", which a commit had flushed");
    }

    /** Draws ids at once after a crash, and commits late; the last id that had been drawn. */
    private long drawAgain() throws SQLException, InterruptedException {
        try (Connection connection = run.cluster().awaitConnection();
                Statement statement = connection.createStatement()) {
            long after = WrittenPosts.lastDrawn(statement);
            connection.setAutoCommit(false);
            SqlTransaction transaction =
                    new SqlTransaction(run.history(), random, "crash", "ids drawn again after a crash", connection);
            transaction.insertMany(2 * DRAWN);
            Thread.sleep(1_500);
            transaction.commit();
            return after;
        }
    }

    /** Waits until the server has ended a session. */
    private static void awaitEnd(Connection session) throws SQLException, InterruptedException {
        while (session.isValid(5)) {
            Thread.sleep(1);
        }
    }

    /** Draws ids when nobody else writes, and lets readers see that; the last one. */
    private static long drawUnnoticed(Statement statement) throws SQLException, InterruptedException {
        statement.execute("select set_config('checker.before', pg_current_wal_insert_lsn()::text, false)");
        statement.execute("insert into posts (title) select 'lost in a crash' from generate_series(1, " + DRAWN + ")");
        long drawn = WrittenPosts.lastDrawn(statement);
        Thread.sleep(300);
        return drawn;
    }

    /** Whether somebody's commit has flushed the log since the ids were drawn, so that they will not be drawn again. */
    private static boolean isFlushed(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "select pg_current_wal_flush_lsn() > current_setting('checker.before')::pg_lsn")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
