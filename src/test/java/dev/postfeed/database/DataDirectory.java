package dev.postfeed.database;

import dev.postfeed.PostfeedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A data directory and a port for the embedded PostgreSQL of a test; closing it stops whatever server runs on it. */
record DataDirectory(Path path, int port) implements AutoCloseable {

    /** One that has the binaries beside it already, unpacked once for all tests. */
    static DataDirectory in(Path directory) {
        try {
            Path binaries = Path.of("target", "postgres.bin").toAbsolutePath();
            EmbeddedDatabase.createPrivate(binaries);
            Files.createSymbolicLink(directory.resolve("postgres.bin"), binaries);
            return withoutBinaries(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One for which everything is still to be done. */
    static DataDirectory withoutBinaries(Path directory) {
        return new DataDirectory(directory.resolve("postgres"), PostfeedProcess.freePort());
    }

    DataDirectory withPort(int other) {
        return new DataDirectory(path, other);
    }

    Map<String, String> settings() {
        return Map.of("POSTFEED_EMBEDDED_DATA_DIR", path.toString(), "POSTFEED_EMBEDDED_PORT", Integer.toString(port));
    }

    /** The process that {@code postmaster.pid} names. */
    long server() {
        try {
            return Long.parseLong(Files.readAllLines(pidFile()).get(0).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path pidFile() {
        return path.resolve("postmaster.pid");
    }

    static boolean isAlive(long process) {
        return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "");
    }

    /** The one value that a query of the server gives. */
    String ask(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void close() {
        if (!Files.isRegularFile(pidFile())) {
            return;
        }
        ProcessHandle.of(server())
                .filter(process -> process.info().command().orElse("").endsWith("postgres"))
                .ifPresent(process -> {
                    List<ProcessHandle> all = Stream.concat(Stream.of(process), process.descendants())
                            .toList();
                    process.destroyForcibly();
                    // Nobody may write into a directory that is about to be deleted.
                    all.forEach(one -> one.onExit().join());
                });
    }
}
