package dev.postfeed.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of a few megabytes, which can be full. */
public final class SmallDisk implements AutoCloseable {

    private final Path path;

    /** @param path a directory, below which it is from now on */
    public SmallDisk(Path path, int megabytes) throws Exception {
        NeedsRoot.check();
        NeedsRoot.run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", path.toString());
        this.path = path;
    }

    /** Takes all the room that there is. */
    public void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(path.resolve("filler"))) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (Files.getFileStore(path).getUsableSpace() > 0) {
                throw e;
            }
        }
    }

    /** Gives it back. */
    public void makeRoom() throws IOException {
        Files.delete(path.resolve("filler"));
    }

    @Override
    public void close() throws Exception {
        NeedsRoot.run("umount", "--lazy", path.toString()); // Whoever may still have a file open.
    }
}
