package dev.postfeed.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** An issuer, whose metadata are at the last of the addresses where they may be (RFC 8414), and say where its keys are. */
@PostfeedTest
@DirtiesContext
class IssuerIntegrationTests {

    private static final HttpServer server = start();
    private static final String ISSUER =
            "http://127.0.0.1:" + server.getAddress().getPort();

    private Api api;

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry registry) {
        registry.add("spring.security.oauth2.resourceserver.jwt.issuer-uri", () -> ISSUER);
        registry.add("spring.security.oauth2.resourceserver.jwt.audiences", () -> Tokens.AUDIENCE);
    }

    @Autowired
    void client(WebTestClient client) {
        api = new Api(client);
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    @Test
    void onlyItsTokensCount() {
        api.get("/posts", GuardedFixture.bearer(Tokens.from(ISSUER))).expect(200);
        assertThat(api.get("/posts", GuardedFixture.bearer(Tokens.from("http://another.example")))
                        .expectProblem(401, "unauthorized")
                        .text("/detail"))
                .contains("iss claim");
        api.get("/posts", GuardedFixture.bearer(Tokens.withScopes("posts:read")))
                .expectProblem(401, "unauthorized");
        api.get("/posts", GuardedFixture.bearer(Tokens.bySomebodyElse())).expectProblem(401, "unauthorized");
        api.get("/posts", GuardedFixture.bearer(Tokens.unsigned())).expectProblem(401, "unauthorized");
    }

    private static HttpServer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                String issuer = "http://127.0.0.1:" + server.getAddress().getPort();
                byte[] answer = Map.of(
                                "/.well-known/oauth-authorization-server",
                                "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + issuer + "/keys\"}",
                                "/keys",
                                Tokens.publicKeys())
                        .getOrDefault(exchange.getRequestURI().getPath(), "")
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(answer.length == 0 ? 404 : 200, answer.length == 0 ? -1 : answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
