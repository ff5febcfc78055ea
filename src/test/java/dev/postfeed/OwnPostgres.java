package dev.postfeed;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/** A PostgreSQL of one test, which may die, and comes back at its port with its data. What it has acknowledged it keeps. */
public final class OwnPostgres implements AutoCloseable {

    private final Path data;
    private final int port = PostfeedProcess.freePort();
    private EmbeddedPostgres server;

    /** @param data its directory, which need not be there yet */
    public OwnPostgres(Path data) throws IOException {
        this.data = data;
        this.server = start();
    }

    private EmbeddedPostgres start() throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_prepared_transactions", "20")
                .start();
    }

    /** What {@code DATABASE_URL} says. */
    public String url() {
        return "postgresql://postgres@127.0.0.1:" + port + "/postgres";
    }

    /** Its port, the same whenever it runs. */
    public int port() {
        return port;
    }

    /** Ends all of its processes with SIGKILL. */
    public void kill() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().orTimeout(30, TimeUnit.SECONDS).join());
        LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
        // That there is nothing to stop any more is what it says.
        logging.setLogLevel(EmbeddedPostgres.class.getName(), LogLevel.OFF);
        server.close();
        logging.setLogLevel(EmbeddedPostgres.class.getName(), null);
    }

    /** Starts it after {@link #kill} or {@link #close}, and waits until it has recovered. */
    public void startAgain() throws IOException {
        server = start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
