package dev.postfeed.feed;

import dev.postfeed.ListeningProcess;
import dev.postfeed.PostfeedProcess;
import dev.postfeed.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An nginx in front of two nodes, with the configuration of compose.yaml but for its addresses, in a directory of its own. */
final class Nginx {

    private static final Path CONFIGURATION = Path.of("src/operations/nginx.conf");

    private Nginx() {}

    /** @param nodes their ports */
    static ListeningProcess start(Path directory, List<Integer> nodes) throws IOException, InterruptedException {
        Path program = Programs.require("nginx", "nginx-light");
        int port = PostfeedProcess.freePort();
        Path prefix = Files.createDirectories(directory.resolve("nginx"));
        Path configuration = prefix.resolve("nginx.conf");
        String text = Files.readString(CONFIGURATION);
        text = replace(text, "listen 8080 ", "listen 127.0.0.1:" + port + " ");
        text = replace(text, "node1:8080", "127.0.0.1:" + nodes.get(0));
        text = replace(text, "node2:8080", "127.0.0.1:" + nodes.get(1));
        Files.writeString(configuration, text);
        return new ListeningProcess(
                port,
                prefix.resolve("log"),
                program.toString(),
                "-p",
                prefix + "/",
                "-c",
                configuration.toString(),
                "-e",
                "stderr",
                "-g",
                "daemon off;");
    }

    private static String replace(String text, String what, String by) {
        if (!text.contains(what)) {
            throw new AssertionError(CONFIGURATION + " has no '" + what + "'");
        }
        return text.replace(what, by);
    }
}
