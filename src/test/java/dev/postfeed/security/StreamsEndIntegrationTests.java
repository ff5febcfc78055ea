package dev.postfeed.security;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A stream ends when its token does, and nothing else. */
class StreamsEndIntegrationTests extends GuardedFixture {

    @Test
    void theFeedEndsWithTheToken() throws IOException {
        long begin = System.nanoTime();
        try (Socket socket = ask("GET", "/posts/feed", Tokens.expiresIn(Duration.ofSeconds(3)))) {
            String all = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            assertThat(all).startsWith("HTTP/1.1 200").contains("retry:").doesNotEndWith("0\r\n\r\n");
        }
        // The expiry has no fractions of a second: it may be up to one earlier.
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(1500), Duration.ofSeconds(6));
    }

    @Test
    void aStreamOfRowsThatIsNotReadEndsWithTheToken() throws IOException {
        String title = "x".repeat(500);
        StringBuilder posts = new StringBuilder("[");
        for (int i = 0; i < 1500; i++) {
            posts.append(i == 0 ? "" : ",")
                    .append("{\"title\":\"")
                    .append(title)
                    .append("\"}");
        }
        for (int i = 0; i < 20; i++) {
            send("POST", "/posts", posts + "]", bearer(Tokens.withScopes(Tokens.ALL_SCOPES)))
                    .expect(201);
        }
        try (Socket socket =
                ask("GET", "/posts", Tokens.expiresIn(Duration.ofSeconds(3)), "Accept: application/x-ndjson")) {
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readNBytes(12), US_ASCII)).isEqualTo("HTTP/1.1 200");
            sleep(5000);
            String rest = new String(in.readAllBytes(), US_ASCII);
            assertThat(rest).doesNotEndWith("0\r\n\r\n");
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset"); // What had not left was thrown away.
        }
    }

    @Test
    void anUploadEndsWithTheTokenAndStoresNothingAfterIt() throws IOException {
        String title = "late " + System.nanoTime();
        try (Socket socket = ask(
                "POST",
                "/posts",
                Tokens.expiresIn(Duration.ofSeconds(3)),
                "Content-Type: application/x-ndjson",
                "Content-Length: 100")) {
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
            socket.getOutputStream().write(("{\"title\":\"" + title + "\"}\n").getBytes(US_ASCII));
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*");
        }
        assertThat(send(
                                "GET",
                                "/posts?title=eq." + title.replace(" ", "%20"),
                                null,
                                bearer(Tokens.withScopes("posts:read")))
                        .body())
                .isEqualTo("[]");
    }

    @Test
    void aBodyThatDoesNotEndEndsWithTheToken() throws IOException {
        long begin = System.nanoTime();
        try (Socket socket = ask(
                "POST",
                "/posts",
                Tokens.expiresIn(Duration.ofSeconds(3)),
                "Content-Type: application/json",
                "Content-Length: 20")) {
            socket.getOutputStream().write("{".getBytes(US_ASCII));
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(1500), Duration.ofSeconds(6));
    }

    @Test
    void aConnectionOutlivesTheTokenOfARequestThatHasEnded() throws IOException {
        try (Socket socket = ask("GET", "/posts?limit=1", Tokens.expiresIn(Duration.ofSeconds(2)))) {
            sleep(4000);
            write(socket, "GET", "/openapi.yaml", null, "Connection: close");
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .contains("HTTP/1.1 200")
                    .contains("openapi: 3.1");
        }
    }

    private Socket ask(String method, String path, String token, String... headers) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        write(socket, method, path, token, headers);
        return socket;
    }

    private static void write(Socket socket, String method, String path, String token, String... headers)
            throws IOException {
        String authorization = token == null ? "" : bearer(token) + "\r\n";
        String others = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + authorization + others + "\r\n";
        socket.getOutputStream().write(request.getBytes(US_ASCII));
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
