package dev.postfeed.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * A real PostgreSQL, run by Postfeed for a newcomer: on loopback, durable, its data kept across restarts. Whoever holds
 * the {@link DataDirectoryLock} owns the server on that data directory; a server found there without an owner is what
 * a killed Postfeed left behind, and is stopped first ({@link OrphanedServer}).
 */
final class EmbeddedDatabase implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);

    /** Recovery after a crash may take a while before the server answers. */
    private static final Duration STARTUP_WAIT = Duration.ofSeconds(60);

    private final EmbeddedPostgres server;
    private final DataDirectoryLock lock;

    private EmbeddedDatabase(EmbeddedPostgres server, DataDirectoryLock lock) {
        this.server = server;
        this.lock = lock;
    }

    /**
     * Starts the server, making its data directory when there is none.
     *
     * @throws InvalidSettingException when the data directory is in use or cannot be used, or the port is taken
     */
    static EmbeddedDatabase start(EmbeddedProperties properties) {
        Path dataDir = properties.directory();
        DataDirectoryLock lock = DataDirectoryLock.acquire(dataDir);
        try {
            OrphanedServer.stop(dataDir);
            requireFreePort(properties.port());
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setDataDirectory(dataDir)
                    .setCleanDataDirectory(false)
                    .setOverrideWorkingDirectory(binaries(dataDir).toFile())
                    .setPort(properties.port())
                    .setPGStartupWait(STARTUP_WAIT)
                    // The library's defaults are for throw-away servers: no fsync, asynchronous commit.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    // The application context stops it, after the pool: not a hook that races with the last requests.
                    .setRegisterShutdownHook(false)
                    .start();
            return new EmbeddedDatabase(server, lock);
        } catch (IOException | RuntimeException | ExceptionInInitializerError e) {
            lock.close();
            if (e instanceof InvalidSettingException invalid) {
                throw invalid;
            }
            throw new InvalidSettingException(
                    "POSTFEED_EMBEDDED_DATA_DIR",
                    dataDir.toString(),
                    "the embedded PostgreSQL did not start on it (" + e.getMessage() + ", see the log above); "
                            + "give another directory, or a database of yours in DATABASE_URL",
                    e);
        }
    }

    /** The unpacked binaries stand beside the data, in a private directory: the library makes its own world-writable. */
    static Path binaries(Path dataDir) throws IOException {
        Path directory = dataDir.resolveSibling(dataDir.getFileName() + ".bin");
        createPrivate(directory);
        Path unpacked = directory.resolve("unpacked");
        if (Files.isDirectory(unpacked)) {
            removeHalfUnpacked(unpacked);
        }
        return unpacked;
    }

    /** The library marks what it has unpacked whole, and fails over what a kill left of an unpacking that was not. */
    private static void removeHalfUnpacked(Path unpacked) throws IOException {
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(unpacked, "PG-*")) {
            for (Path version : versions) {
                if (!Files.exists(version.resolve(".exists"))) {
                    FileSystemUtils.deleteRecursively(version);
                }
            }
        }
    }

    private static void requireFreePort(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new InvalidSettingException(
                    "POSTFEED_EMBEDDED_PORT",
                    Integer.toString(port),
                    "the port is taken by another program; give a free one from 1 to 65535",
                    e);
        }
    }

    DatabaseUrl url() {
        return DatabaseUrl.of(
                "127.0.0.1", server.getPort(), "postgres", "", "postgres", Map.of(DatabaseOption.SSLMODE, "disable"));
    }

    @Override
    public void close() throws IOException {
        try {
            server.close();
        } finally {
            lock.close();
        }
        log.info("The embedded PostgreSQL is stopped, its data is kept");
    }

    /** Makes a directory that is its owner's only, where the file system knows of owners. */
    static void createPrivate(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }
}
