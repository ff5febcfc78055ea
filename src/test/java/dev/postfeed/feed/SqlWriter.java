package dev.postfeed.feed;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A program that writes posts by SQL, a transaction after the other. What breaks its connection, it survives. */
abstract class SqlWriter implements Runnable {

    final CheckerRun run;
    final Random random;
    final String name;
    private final int mostPause;
    private @Nullable Connection connection;

    /** @param mostPause milliseconds, at most, between two transactions */
    SqlWriter(CheckerRun run, String name, long seed, int mostPause) {
        this.run = run;
        this.name = name;
        this.random = new Random(seed);
        this.mostPause = mostPause;
    }

    @Override
    public final void run() {
        try {
            while (run.pause(random, mostPause)) {
                try {
                    step();
                } catch (SQLException e) {
                    // The server is down, or has ended the session: what was not committed is gone with it.
                    disconnect();
                    Thread.sleep(100);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            run.violation("writer " + name + " failed: " + e);
        } finally {
            disconnect();
        }
    }

    /** One transaction, whose end is noted unless the server could not be reached at all. */
    abstract void step() throws SQLException, InterruptedException;

    /** Begins a transaction. Whoever lets it fail before its commit ends it as failed. */
    final SqlTransaction begin(String how) throws SQLException {
        if (connection == null) {
            connection = run.cluster().connect();
            connection.setAutoCommit(false);
        }
        return new SqlTransaction(run.history(), random, name, how, connection);
    }

    /** Does something in a transaction, and commits it. */
    final void commit(String how, Work work) throws SQLException, InterruptedException {
        SqlTransaction transaction = begin(how);
        boolean done = false;
        try {
            work.in(transaction);
            done = true;
        } finally {
            if (!done) {
                transaction.end(Insert.Outcome.FAILED);
            }
        }
        transaction.commit();
    }

    /** Does something in a transaction, and takes all of it back. */
    final void rollback(String how, Work work) throws SQLException, InterruptedException {
        SqlTransaction transaction = begin(how);
        try {
            work.in(transaction);
            connection().rollback();
        } finally {
            transaction.end(Insert.Outcome.FAILED);
        }
    }

    final Connection connection() {
        if (connection == null) {
            throw new IllegalStateException("not connected");
        }
        return connection;
    }

    final void disconnect() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // It was broken: closed is what it should be.
            }
            connection = null;
        }
    }

    final void sleep(int mostMillis) throws InterruptedException {
        Thread.sleep(random.nextInt(mostMillis + 1));
    }

    /** What a transaction does. */
    @FunctionalInterface
    interface Work {
        void in(SqlTransaction transaction) throws SQLException, InterruptedException;
    }
}
