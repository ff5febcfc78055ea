package dev.postfeed.web;

import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.web.server.WebServer;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Requests that WebFlux never sees, or sees only because the edge mends them: bytes in, bytes out. */
@PostfeedTest
class NettyEdgeIntegrationTests {

    @LocalServerPort
    int port;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "garbage||400|bad-request",
                "GET /users HTTP/1.1|Bad Header: x|400|bad-request",
                "GET /users HTTP/1.1|Host: x:abc|400|bad-request",
                "GET /users HTTP/1.1|Host: [::1|400|bad-request",
                "POST /users HTTP/1.1|Content-Length: abc|400|bad-request",
                "POST /users HTTP/1.1|Content-Length: -1|400|bad-request",
                "GET /users/%zz HTTP/1.1|Host: x|400|invalid-parameter",
                "GET /users/%zz HTTP/1.0|Host: x|400|invalid-parameter",
                "GET /users/1;x=1 HTTP/1.1|Host: x|400|invalid-parameter",
                "GET /users;x=1 HTTP/1.1|Host: x|404|not-found",
                "GET /users?cursor=\"a\" HTTP/1.1|Host: x|400|invalid-parameter",
                "GET /users?cursor=%ff HTTP/1.1|Host: x|400|invalid-parameter",
                "GET //users HTTP/1.1|Host: x|404|not-found",
                "GET /../users HTTP/1.1|Host: x|404|not-found",
                "GET /%2e%2e/users HTTP/1.1|Host: x|404|not-found",
                "GET /users%2F1 HTTP/1.1|Host: x|404|not-found",
                "GET users HTTP/1.1|Host: x|404|not-found",
                "GET ? HTTP/1.1|Host: x|404|not-found",
                "GET :// HTTP/1.1|Host: x|404|not-found",
                "CONNECT x:1 HTTP/1.1|Host: x|404|not-found",
            })
    @Covers(Fault.TARGET_MALFORMED)
    void answersAProblem(String line, String header, int status, String problem) throws IOException {
        String answer = send(line + "\r\n" + (header == null ? "" : header + "\r\n") + "\r\n");
        assertThat(answer)
                .matches("(?s)HTTP/1\\.[01] " + status + " .*")
                .containsIgnoringCase("content-type: application/problem+json")
                .contains("\"type\":\"/problems/" + problem + "\"", "\"status\":" + status);
    }

    @Test
    @Covers(Fault.TARGET_MALFORMED)
    void refusesARequestLineThatIsTooLong() throws IOException {
        assertThat(send("GET /users/" + "1".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ")
                .contains("/problems/uri-too-long");
    }

    @Test
    void refusesHeadersThatAreTooLarge() throws IOException {
        assertThat(send("GET /users HTTP/1.1\r\nX: " + "1".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .contains("/problems/headers-too-large");
    }

    /** The end of an answer and the request after it race; a client has all of a HEAD's answer before it has ended. */
    @Test
    void refusesHeadersThatAreTooLargeBehindAnAnswer() throws IOException {
        for (int i = 0; i < 500; i++) {
            assertThat(sendSecond(port, "HEAD", "X: " + "1".repeat(9 * 1024)))
                    .as("round %d", i)
                    .startsWith("HTTP/1.1 431 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void refusesABrokenRequestBeforeTheAnswerBeforeHasEnded(String method) throws IOException {
        WebServer server = LateEnds.server();
        server.start();
        try {
            for (int i = 0; i < 100; i++) {
                assertThat(sendSecond(server.getPort(), method, "X: " + "1".repeat(9 * 1024)))
                        .as("round %d", i)
                        .startsWith("HTTP/1.1 431 ");
                assertThat(sendSecond(server.getPort(), method, "Bad Header: x"))
                        .as("round %d", i)
                        .startsWith("HTTP/1.1 400 ");
            }
        } finally {
            server.stop();
        }
    }

    @Test
    void refusesABrokenChunk() throws IOException {
        assertThat(send("POST /users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("/problems/bad-request");
    }

    /** Behind another request it cannot be told what is wrong; but it is not taken for whole either. */
    @Test
    void cutsTheConnectionAtABrokenChunkBehindAnotherRequest() throws IOException {
        String users = "GET /users?limit=1000 HTTP/1.1\r\nHost: x\r\n\r\n";
        for (int i = 0; i < 20; i++) {
            String answers = send(users + "POST /posts HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                    + "Prefer: handling=lenient\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"title\"\r\nzz\r\n");
            assertThat(answers).doesNotContain("\"line\":1");
        }
    }

    @Test
    @Covers(Fault.TARGET_MALFORMED)
    void readsTheAbsoluteForm() throws IOException {
        assertThat(send("GET http://x/users HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void noAnswerIsToBeSniffedAt(@Autowired WebTestClient client) throws Exception {
        Api api = new Api(client);
        Answer user = api.post("/users", newUser()).expect(201);
        String path = user.header("Location");
        for (Answer answer : List.of(
                user,
                api.get("/users"),
                api.get("/users", "Accept: application/x-ndjson"),
                api.get("/users", "Accept: text/csv"),
                api.get(path),
                api.head(path),
                api.get(path, "If-None-Match: " + user.etag()).expect(304),
                api.postLines("/posts", "{\"title\":\"a\"}\n"),
                api.get("/unknown").expect(404),
                api.put("/users", "{}").expect(405),
                api.post("/users", "{").expect(400),
                api.delete(path).expect(204),
                api.head("/posts/feed").expect(200),
                api.get("/problems/not-found"),
                api.get("/actuator/health"),
                RawHttp.send(
                        port,
                        ("GET /" + "1".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n")
                                .getBytes(StandardCharsets.UTF_8)),
                RawHttp.send(port, "garbage\r\n\r\n".getBytes(StandardCharsets.UTF_8)))) {
            assertThat(answer.header("X-Content-Type-Options")).as("%s", answer).isEqualTo("nosniff");
        }
    }

    /** Sends bytes and reads until the answer's JSON, or the connection, ends. */
    private String send(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder answer = new StringBuilder();
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                answer.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
                if (answer.indexOf("\r\n\r\n[") > 0 || answer.indexOf("}") > 0) {
                    break;
                }
            }
            return answer.toString();
        }
    }

    /** The head of the answer to a request with one header, on a connection that has just answered another. */
    private static String sendSecond(int port, String method, String header) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5000);
            String line = method + " /users?limit=1 HTTP/1.1\r\n";
            InputStream in = new BufferedInputStream(socket.getInputStream());
            socket.getOutputStream().write((line + "Host: x\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            assertThat(head(in)).startsWith("HTTP/1.1 200 ");
            if (method.equals("GET")) {
                in.skipNBytes(2);
            }
            socket.getOutputStream().write((line + header + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return head(in);
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head + "the connection ended";
            }
            head.append((char) next);
        }
        return head.toString();
    }
}
