package dev.postfeed.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One Postfeed for one data directory. The operating system releases the lock when its process ends, however it ends.
 * The file stands beside the data directory, since {@code initdb} wants that empty.
 */
final class DataDirectoryLock implements AutoCloseable {

    /** Closing any handle of a file drops a lock of this process on it (POSIX): who holds one here is asked before. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel file;

    private DataDirectoryLock(Path path, FileChannel file) {
        this.path = path;
        this.file = file;
    }

    /** @throws InvalidSettingException when another Postfeed holds it, or the directory cannot be written */
    static DataDirectoryLock acquire(Path dataDir) {
        Path path = dataDir.resolveSibling(dataDir.getFileName() + ".lock");
        if (!HELD.add(path)) {
            throw inUse(dataDir, Long.toString(ProcessHandle.current().pid()));
        }
        try {
            return new DataDirectoryLock(path, lock(dataDir, path));
        } catch (IOException e) {
            HELD.remove(path);
            throw new InvalidSettingException(
                    "POSTFEED_EMBEDDED_DATA_DIR", dataDir.toString(), "must be a directory that can be written", e);
        } catch (RuntimeException e) {
            HELD.remove(path);
            throw e;
        }
    }

    private static FileChannel lock(Path dataDir, Path path) throws IOException {
        EmbeddedDatabase.createPrivate(Objects.requireNonNull(path.getParent()));
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.tryLock();
        if (lock == null) {
            file.close();
            throw inUse(dataDir, owner(path));
        }
        file.truncate(0);
        file.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return file;
    }

    private static InvalidSettingException inUse(Path dataDir, String process) {
        return new InvalidSettingException(
                "POSTFEED_EMBEDDED_DATA_DIR",
                dataDir.toString(),
                "another Postfeed (process " + process + ") runs on this data directory; "
                        + "stop it, or give this one a directory and a POSTFEED_EMBEDDED_PORT of its own");
    }

    private static String owner(Path path) {
        try {
            return Files.readString(path).strip();
        } catch (IOException e) {
            return "unknown"; // Windows refuses to read a locked file.
        }
    }

    @Override
    public void close() {
        try {
            HELD.remove(path);
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
