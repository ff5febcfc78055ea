package dev.postfeed.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedProcess;
import dev.postfeed.TestPostgres;
import dev.postfeed.web.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Nobody serves an address that others can reach without having said so. 127.0.0.2 stands for other addresses. */
@Timeout(120)
class ListeningAddressIntegrationTests {

    private static final String JWT = "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SERVER_ADDRESS=0.0.0.0 | SERVER_ADDRESS=0.0.0.0: is not loopback
            SERVER_ADDRESS=:: | is not loopback
            MANAGEMENT_SERVER_PORT=0,MANAGEMENT_SERVER_ADDRESS=0.0.0.0 | MANAGEMENT_SERVER_ADDRESS=0.0.0.0: is not loopback
            SERVER_ADDRESS=0.0.0.0,SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI= | SERVER_ADDRESS=0.0.0.0: is not loopback
            SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI=http://127.0.0.1:1/ | SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_AUDIENCES=: must be
            POSTFEED_SECURITY_ALLOWED_ORIGINS=app.example.com | POSTFEED_SECURITY_ALLOWED_ORIGINS=app.example.com: must be origins
            POSTFEED_SECURITY_ALLOWED_ORIGINS=https://app.example.com/ | POSTFEED_SECURITY_ALLOWED_ORIGINS=https://app.example.com/: must be origins
            POSTFEED_SECURITY_OPEN=perhaps | POSTFEED_SECURITY_OPEN=perhaps: must be true or false
            """)
    void refusesToStart(String settings, String line) {
        try (PostfeedProcess process = start(settings.split(","))) {
            String output = process.awaitExit();
            assertThat(process.exitCode()).as(output).isEqualTo(1);
            assertThat(output.lines().filter(printed -> printed.contains(line)))
                    .as(output)
                    .hasSize(1);
            assertThat(output).doesNotContain("Caused by:");
            if (line.contains("loopback")) {
                assertThat(output).contains("POSTFEED_SECURITY_OPEN=true").contains(JWT + "ISSUER_URI");
            }
        }
    }

    @Test
    void whoSaysOpenIsServed() throws IOException {
        try (PostfeedProcess process = start("SERVER_ADDRESS=0.0.0.0", "POSTFEED_SECURITY_OPEN=true")) {
            int port = URI.create(process.awaitReady()).getPort();
            assertThat(isReached("127.0.0.2", port)).isTrue();
            process.client().get().uri("/posts").exchange().expectStatus().isOk();
        }
    }

    @Test
    void whoWantsTokensIsServed() throws Exception {
        try (PostfeedProcess process = start(
                "SERVER_ADDRESS=0.0.0.0",
                "MANAGEMENT_SERVER_PORT=0",
                "MANAGEMENT_SERVER_ADDRESS=0.0.0.0",
                JWT + "PUBLIC_KEY_LOCATION=file:" + Tokens.publicKey(),
                JWT + "AUDIENCES=" + Tokens.AUDIENCE)) {
            int port = URI.create(process.awaitReady()).getPort();
            assertThat(isReached("127.0.0.2", port)).isTrue();
            process.client().get().uri("/posts").exchange().expectStatus().isUnauthorized();
            // A port of its own is for operators, and wants no token: for what is theirs.
            process.client()
                    .get()
                    .uri("/actuator/prometheus")
                    .exchange()
                    .expectStatus()
                    .isUnauthorized();
            int management = managementPort(process);
            assertThat(isReached("127.0.0.2", management)).isTrue();
            assertThat(status(management, "/actuator/prometheus")).isEqualTo(200);
            Await.until(() -> status(management, "/actuator/health/readiness") == 200); // When the feed has looked.
            assertThat(status(management, "/actuator/env")).isEqualTo(404);
            assertThat(status(management, "/users")).isEqualTo(401);
            assertThat(status(management, "/posts/feed")).isEqualTo(401);
        }
    }

    @Test
    void theManagementPortIsLoopbackUnlessSomebodySaysOtherwise() throws Exception {
        try (PostfeedProcess process =
                start("MANAGEMENT_SERVER_PORT=0", "SERVER_ADDRESS=0.0.0.0", "POSTFEED_SECURITY_OPEN=true")) {
            process.awaitReady();
            int management = managementPort(process);
            assertThat(isReached("127.0.0.1", management)).isTrue();
            assertThat(isReached("127.0.0.2", management)).isFalse();
        }
    }

    private PostfeedProcess start(String... settings) {
        Map<String, String> environment = new HashMap<>(Map.of("DATABASE_URL", TestPostgres.newDatabase()));
        for (String setting : settings) {
            String[] nameAndValue = setting.split("=", 2);
            environment.put(nameAndValue[0], nameAndValue[1]);
        }
        return PostfeedProcess.start(directory, environment);
    }

    private static int managementPort(PostfeedProcess process) throws Exception {
        Supplier<List<Integer>> ports = () -> process.output()
                .lines()
                .filter(line -> line.contains("Netty started on port"))
                .map(line -> Integer.parseInt(line.replaceAll(".*on port (\\d+).*", "$1")))
                .toList();
        Await.until(() -> ports.get().size() == 2); // It comes after the service.
        int service = URI.create(process.awaitReady()).getPort();
        return ports.get().stream().filter(port -> port != service).findFirst().orElseThrow();
    }

    private static int status(int port, String path) {
        return WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .build()
                .get()
                .uri(path)
                .exchange()
                .returnResult(Void.class)
                .getStatus()
                .value();
    }

    private static boolean isReached(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 2000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
