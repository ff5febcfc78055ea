package dev.postfeed.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * One Postfeed for one data directory. The operating system releases the lock when its process ends, however it ends.
 * The file stands beside the data directory, since {@code initdb} wants that empty.
 */
final class DataDirectoryLock implements AutoCloseable {

    private final FileChannel file;

    private DataDirectoryLock(FileChannel file) {
        this.file = file;
    }

    /** @throws InvalidSettingException when another Postfeed holds it, or the directory cannot be written */
    static DataDirectoryLock acquire(Path dataDir) {
        Path path = dataDir.resolveSibling(dataDir.getFileName() + ".lock");
        try {
            EmbeddedDatabase.createPrivate(Objects.requireNonNull(path.getParent()));
            FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!lock(file)) {
                file.close();
                throw new InvalidSettingException(
                        "POSTFEED_EMBEDDED_DATA_DIR",
                        dataDir.toString(),
                        "another Postfeed (process " + owner(path) + ") runs on this data directory; "
                                + "stop it, or give this one a directory and a POSTFEED_EMBEDDED_PORT of its own");
            }
            file.truncate(0);
            file.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new DataDirectoryLock(file);
        } catch (IOException e) {
            throw new InvalidSettingException(
                    "POSTFEED_EMBEDDED_DATA_DIR", dataDir.toString(), "must be a directory that can be written", e);
        }
    }

    private static boolean lock(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
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
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
