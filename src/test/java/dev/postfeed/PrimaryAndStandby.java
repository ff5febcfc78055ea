package dev.postfeed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.springframework.util.FileSystemUtils;

/**
 * Two PostgreSQL servers, of which the second replicates the first until it is promoted. What the first streams goes
 * through a {@link SilentProxy}, so that it can be held back, and is lost at the promotion.
 */
public final class PrimaryAndStandby implements AutoCloseable {

    /** When a commit is acknowledged. */
    public enum Replication {
        /** Once the standby has it on its disk. */
        SYNCHRONOUS,
        /** Before the standby has it. */
        ASYNCHRONOUS
    }

    private static final long LONGEST_NANOS = 30_000_000_000L;
    private static final String OPTIONS = "?ApplicationName=observer&connectTimeout=5&socketTimeout=40";

    private final Path original;
    private final OwnPostgres first;
    private final OwnPostgres second;
    private final SilentProxy stream;
    private volatile OwnPostgres primary;

    /** @param directory for the data of both; nothing in it is touched but {@code first} and {@code second} */
    public PrimaryAndStandby(Path directory, Replication replication) throws IOException, SQLException {
        original = directory.resolve("first");
        Path copy = directory.resolve("second");
        first = new OwnPostgres(original);
        primary = first;
        first.close();
        FileSystemUtils.copyRecursively(original, copy);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwx------"));
        stream = new SilentProxy(first.port());
        follow(copy, stream.port());
        first.startAgain();
        second = new OwnPostgres(copy);
        if (replication == Replication.SYNCHRONOUS) {
            run("alter system set synchronous_standby_names = 'standby'");
            run("select pg_reload_conf()");
        }
        String state = replication == Replication.SYNCHRONOUS ? "sync" : "async";
        await("select count(*) = 1 from pg_stat_replication where state = 'streaming' and sync_state = '" + state
                + "'");
    }

    /** Makes a standby of a server that is stopped. */
    private static void follow(Path data, int port) throws IOException {
        Files.createFile(data.resolve("standby.signal"));
        // Not on the command line, which would be above what a test alters later.
        Files.writeString(
                data.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=" + port
                        + " user=postgres application_name=standby sslmode=disable'\n",
                StandardOpenOption.APPEND);
    }

    /** What {@code DATABASE_URL} says: both hosts, the first one first. */
    public String url() {
        return "postgresql://postgres@127.0.0.1:" + first.port() + ",127.0.0.1:" + second.port() + "/postgres";
    }

    /** Of the server that is the primary at first. */
    public String firstUrl() {
        return first.url();
    }

    /** Of the server that is the standby at first. */
    public String secondUrl() {
        return second.url();
    }

    /** The server that is the primary at first: to be started again, or stopped in order. */
    public OwnPostgres first() {
        return first;
    }

    /** The server that is the standby at first. */
    public OwnPostgres second() {
        return second;
    }

    /** A connection of a program that knows nothing of Postfeed, to the current primary. */
    public Connection connect() throws SQLException {
        return connect(primary);
    }

    private static Connection connect(OwnPostgres server) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres" + OPTIONS, "postgres", "");
    }

    /** Runs a statement on the current primary. */
    public void run(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Waits until the standby has shown all that the primary has committed. */
    public void awaitCaughtUp() throws SQLException {
        await("select replay_lsn >= pg_current_wal_flush_lsn() from pg_stat_replication");
    }

    /**
     * From now on nothing reaches the standby, for good. Commits are acknowledged all the same where replication is
     * asynchronous, and are lost when it is promoted; where it is synchronous they wait.
     */
    public void holdBack() {
        stream.silence(true);
        stream.cut();
    }

    /** Ends all processes of the first server with SIGKILL; it stays the current primary until {@link #promote}. */
    public void killPrimary() throws IOException {
        first.kill();
    }

    /** Makes the second server the primary, whatever the first one does, and waits until it can be written to. */
    public void promote() throws SQLException {
        try (Connection connection = connect(second);
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_promote(true, 30)");
        }
        primary = second;
        await("select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off'");
    }

    /** Stops the first server in order, promotes the second, and starts the first again as its standby. */
    public void switchOver() throws IOException, SQLException {
        first.close();
        promote();
        follow(original, second.port());
        first.startAgain();
        await("select count(*) = 1 from pg_stat_replication where state = 'streaming'");
    }

    private void await(String condition) throws SQLException {
        long end = System.nanoTime() + LONGEST_NANOS;
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            while (!holds(statement, condition)) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("still not: " + condition);
                }
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static boolean holds(Statement statement, String condition) throws SQLException {
        try (ResultSet row = statement.executeQuery(condition)) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
        try (first;
                second) {
            // Both, whether or not one fails.
        }
    }
}
