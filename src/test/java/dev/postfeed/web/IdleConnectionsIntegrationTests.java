package dev.postfeed.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Api;
import dev.postfeed.PostfeedProcess;
import dev.postfeed.Scrape;
import dev.postfeed.TestPostgres;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand connections on which nothing is asked, or never to the end. */
@Timeout(180)
class IdleConnectionsIntegrationTests {

    private static final int CONNECTIONS = 10_000;
    private static final Duration IDLE = Duration.ofSeconds(5);

    /** Of a request, while they are there. */
    private static final Duration SOON = Duration.ofSeconds(3);

    @TempDir
    Path directory;

    @Test
    @Covers(Fault.CLIENTS_SLOW)
    void allAreClosedWhileOthersAreServed() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (PostfeedProcess postfeed = PostfeedProcess.start(
                directory,
                Map.of(
                        "DATABASE_URL",
                        TestPostgres.newDatabase(),
                        "SERVER_NETTY_IDLE_TIMEOUT",
                        IDLE.toSeconds() + "s"))) {
            int port = URI.create(postfeed.awaitReady()).getPort();
            Api api = new Api(postfeed.client());
            api.get("/posts").expect(200);
            AtomicBoolean done = new AtomicBoolean();
            CompletableFuture<Integer> served = CompletableFuture.supplyAsync(() -> serve(api, done));
            for (int i = 0; i < CONNECTIONS; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                idle.add(socket);
                if (i % 2 == 0) {
                    send(socket, "GET /posts HTTP/1.1\r\nHost: x\r\nX: ");
                }
            }
            for (Socket socket : idle) {
                assertClosed(socket);
            }
            assertThat(Scrape.of(api).text())
                    .containsPattern("postfeed_connections_refused_total\\{limit=\"all\"} 0\\.0");
            done.set(true);
            assertThat(served.get()).isPositive();
            assertThat(postfeed.stop()).doesNotContain("ERROR", "OutOfMemory");
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    private static int serve(Api api, AtomicBoolean done) {
        int served = 0;
        while (!done.get()) {
            long begun = System.nanoTime();
            api.get("/posts").expect(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
            served++;
        }
        return served;
    }

    private static void send(Socket socket, String text) throws IOException {
        try {
            socket.getOutputStream().write(text.getBytes(US_ASCII));
        } catch (SocketException e) {
            // Closed already.
        }
    }

    private static void assertClosed(Socket socket) throws IOException {
        socket.setSoTimeout((int) IDLE.multipliedBy(4).toMillis());
        try {
            assertThat(socket.getInputStream().read()).isNegative();
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }
}
