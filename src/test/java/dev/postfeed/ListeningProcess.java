package dev.postfeed;

import dev.postfeed.web.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server of somebody else's, at a port of this machine, with a log of its own. */
public final class ListeningProcess implements AutoCloseable {

    private final int port;
    private final Path log;
    private final Process process;

    /** Starts it, and waits until it listens. */
    public ListeningProcess(int port, Path log, String... command) throws IOException, InterruptedException {
        this.port = port;
        this.log = log;
        this.process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Await.until(() -> !process.isAlive() || isListening());
        if (!process.isAlive()) {
            throw new AssertionError(command[0] + " has ended: " + Files.readString(log));
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    /** What it has said. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws InterruptedException {
        List<ProcessHandle> workers = process.descendants().toList();
        process.destroy(); // Killed, it would leave its workers.
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            workers.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
