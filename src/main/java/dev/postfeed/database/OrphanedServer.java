package dev.postfeed.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a Postfeed that was killed leaves behind: its PostgreSQL goes on running. It is recognised by its data
 * directory, never by its port alone, and stopped, so that the next one starts with settings of its own. To be called
 * by the holder of the {@link DataDirectoryLock} only.
 */
final class OrphanedServer {

    private static final Logger log = LoggerFactory.getLogger(OrphanedServer.class);
    private static final long STOP_WAIT_SECONDS = 60;

    private OrphanedServer() {}

    /**
     * Stops the server that runs on this data directory, if any.
     *
     * @throws InvalidSettingException when one seems to run there that does not answer
     */
    static void stop(Path dataDir) throws IOException {
        Path pidFile = dataDir.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        // postmaster.pid: process, data directory, start time, port, ... one a line.
        List<String> lines = Files.readAllLines(pidFile);
        Optional<ProcessHandle> process = lines.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.get(0).strip()));
        if (process.isEmpty() || !process.get().isAlive() || !isPostgres(process.get())) {
            // After a reboot the number may belong to another program, for which PostgreSQL would refuse to start.
            log.info("Removing a stale {}: its process is gone", pidFile);
            Files.deleteIfExists(pidFile);
            return;
        }
        String port = lines.size() > 3 ? lines.get(3).strip() : "";
        if (!endSessions(port, dataDir)) {
            throw new InvalidSettingException(
                    "POSTFEED_EMBEDDED_DATA_DIR",
                    dataDir.toString(),
                    "PostgreSQL process " + process.get().pid() + " seems to run on it and does not answer on port "
                            + port + "; stop it first");
        }
        log.warn(
                "PostgreSQL process {} was left on {} by a Postfeed that was killed: stopping it",
                process.get().pid(),
                dataDir);
        end(process.get());
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> Path.of(command).getFileName().toString().startsWith("postgres"))
                .orElse(true);
    }

    /** Ends what is connected, once the server has said that it is the one of this data directory. */
    private static boolean endSessions(String port, Path dataDir) {
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?connectTimeout=2&socketTimeout=5";
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_WAIT_SECONDS);
        while (System.nanoTime() < giveUp) {
            try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                    Statement statement = connection.createStatement()) {
                try (ResultSet row = statement.executeQuery("show data_directory")) {
                    if (!row.next() || !Path.of(row.getString(1)).toRealPath().equals(dataDir.toRealPath())) {
                        return false;
                    }
                }
                statement.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where backend_type = 'client backend' and pid <> pg_backend_pid()");
                return true;
            } catch (SQLException | IOException e) {
                // It may be starting up or recovering.
                if (!pause()) {
                    return false;
                }
            }
        }
        return false;
    }

    /** SIGTERM lets no new session in and ends when the last is gone; if that takes too long, recovery will mend it. */
    private static void end(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(STOP_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            log.warn("PostgreSQL process {} does not stop: killing it", process.pid());
            process.destroyForcibly();
            process.onExit().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(200);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
