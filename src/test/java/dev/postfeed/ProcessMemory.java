package dev.postfeed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The heap of a service that runs in a process of its own. */
public final class ProcessMemory {

    private static final Pattern HEAP =
            Pattern.compile("^jvm_memory_used_bytes\\{area=\"heap\".*\\} (?<bytes>\\S+)$", Pattern.MULTILINE);

    private ProcessMemory() {}

    /** Bytes that are in use once all garbage is gone. */
    public static long heapInUse(PostfeedProcess postfeed) throws IOException, InterruptedException {
        for (int i = 0; i < 2; i++) {
            String jcmd =
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            Process collect = new ProcessBuilder(jcmd, Long.toString(postfeed.pid()), "GC.run")
                    .redirectErrorStream(true)
                    .start();
            String output = new String(collect.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (collect.waitFor() != 0) {
                throw new IOException(output);
            }
        }
        WebTestClient client = postfeed.client();
        String metrics = client.get()
                .uri("/actuator/prometheus")
                .exchange()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
        return HEAP.matcher(metrics)
                .results()
                .map(MatchResult::group)
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
