package dev.postfeed.feed;

import dev.postfeed.PostfeedProcess;
import dev.postfeed.Programs;
import dev.postfeed.web.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An nginx in front of two nodes, with the configuration of compose.yaml but for its addresses, in a directory of its own. */
final class NginxProcess implements AutoCloseable {

    private static final Path CONFIGURATION = Path.of("src/operations/nginx.conf");

    private final int port = PostfeedProcess.freePort();
    private final Path log;
    private final Process process;

    /** @param nodes their ports */
    NginxProcess(Path directory, List<Integer> nodes) throws IOException, InterruptedException {
        Path program = Programs.require("nginx", "nginx-light");
        Path prefix = Files.createDirectories(directory.resolve("nginx"));
        Path configuration = prefix.resolve("nginx.conf");
        String text = Files.readString(CONFIGURATION);
        text = replace(text, "listen 8080 ", "listen 127.0.0.1:" + port + " ");
        text = replace(text, "node1:8080", "127.0.0.1:" + nodes.get(0));
        text = replace(text, "node2:8080", "127.0.0.1:" + nodes.get(1));
        Files.writeString(configuration, text);
        this.log = prefix.resolve("log");
        this.process = new ProcessBuilder(
                        program.toString(),
                        "-p",
                        prefix + "/",
                        "-c",
                        configuration.toString(),
                        "-e",
                        "stderr",
                        "-g",
                        "daemon off;")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Await.until(() -> !process.isAlive() || isListening());
        if (!process.isAlive()) {
            throw new AssertionError("nginx has ended: " + log());
        }
    }

    private static String replace(String text, String what, String by) {
        if (!text.contains(what)) {
            throw new AssertionError(CONFIGURATION + " has no '" + what + "'");
        }
        return text.replace(what, by);
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /** What it said is wrong. */
    String log() throws IOException {
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
