package dev.postfeed.feed;

import dev.postfeed.PrimaryAndStandby;
import dev.postfeed.PrimaryAndStandby.Replication;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/** A primary that is killed once in a run, and its standby, which takes over; with or without the last commits. */
final class Failover implements AutoCloseable {

    /** Before it is killed, so that commits are lost for certain. */
    private static final long HELD_BACK_MILLIS = 700;

    /** By which a standby is behind of itself, at most. */
    private static final long MOST_LAG_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PrimaryAndStandby servers;
    private final boolean lossy;
    private volatile long heldBack = Long.MAX_VALUE;
    private volatile boolean begun;
    private volatile long over = Long.MAX_VALUE;

    Failover(Path directory, Replication replication) throws IOException, SQLException {
        servers = new PrimaryAndStandby(directory, replication);
        lossy = replication == Replication.ASYNCHRONOUS;
    }

    PrimaryAndStandby servers() {
        return servers;
    }

    /** Whether commits that were acknowledged are lost. */
    boolean isLossy() {
        return lossy;
    }

    private boolean isOver() {
        return over != Long.MAX_VALUE;
    }

    /** Whether the standby may have taken over: nodes may know it before the one who has promoted it does. */
    boolean hasBegun() {
        return begun;
    }

    /** The first time; gives how long nobody could write. */
    String happen() throws IOException, SQLException, InterruptedException {
        if (isOver()) {
            return "has been";
        }
        if (lossy) {
            heldBack = System.nanoTime();
            servers.holdBack();
            Thread.sleep(HELD_BACK_MILLIS);
        }
        begun = true;
        long killed = System.nanoTime();
        servers.killPrimary();
        servers.promote();
        over = System.nanoTime();
        return "after " + (over - killed) / 1_000_000 + " ms";
    }

    /** Whether it may be that nothing is left of an insert. */
    boolean mayLose(Insert insert) {
        boolean acknowledged = insert.outcome() == Insert.Outcome.ACKNOWLEDGED;
        return lossy
                && insert.sentAt() < over
                && (!acknowledged || insert.acknowledgedAt() > heldBack - MOST_LAG_NANOS);
    }

    @Override
    public void close() throws IOException {
        servers.close();
    }
}
