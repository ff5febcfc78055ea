package dev.postfeed.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.web.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Keys from a provider that is there, is not, or says nothing. */
@PostfeedTest
@DirtiesContext
@TestMethodOrder(MethodOrderer.MethodName.class) // First a provider that has never answered.
class KeySetIntegrationTests {

    enum Provider {
        UP,
        BROKEN,
        SILENT
    }

    private static final AtomicInteger asked = new AtomicInteger();
    private static volatile Provider provider = Provider.UP;
    private static final HttpServer server = start();

    private Api api;

    @DynamicPropertySource
    static void keys(DynamicPropertyRegistry registry) {
        registry.add(
                "spring.security.oauth2.resourceserver.jwt.jwk-set-uri",
                () -> "http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
        registry.add("spring.security.oauth2.resourceserver.jwt.audiences", () -> Tokens.AUDIENCE);
    }

    @Autowired
    void client(WebTestClient client) {
        api = new Api(client);
    }

    @BeforeEach
    void up() {
        provider = Provider.UP;
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    @Test
    void aProviderThatIsDownIsNoReasonToRefuseAToken() throws InterruptedException {
        String token = GuardedFixture.bearer(Tokens.withScopes("posts:read"));
        provider = Provider.BROKEN;
        Answer down = api.get("/posts", token).expectProblem(503, "identity-provider-unavailable");
        assertThat(down.header("Retry-After")).isNotBlank();
        api.post("/session", "", token).expectProblem(503, "identity-provider-unavailable");
        for (String path : new String[] {"/users/1", "/posts/feed", "/actuator", "/actuator/prometheus"}) {
            api.get(path, token).expectProblem(503, "identity-provider-unavailable");
            api.head(path, token).expect(503);
        }
        Thread.sleep(1500);
        provider = Provider.SILENT;
        long begin = System.nanoTime();
        api.get("/posts", token).expectProblem(503, "identity-provider-unavailable");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        provider = Provider.UP;
        Await.until(() -> api.get("/posts", token).status() == 200); // A failure is believed for a second.
        provider = Provider.BROKEN;
        api.get("/posts", token).expect(200);
        api.get("/posts", GuardedFixture.bearer(Tokens.bySomebodyElse())).expectProblem(401, "unauthorized");
    }

    /** Anybody can name keys that nobody has. */
    @Test
    void keysThatNobodyHasAreAskedForOnceInAWhile() {
        int before = asked.get();
        for (int i = 0; i < 50; i++) {
            assertThat(api.get("/posts", GuardedFixture.bearer(Tokens.byKey("none " + i)))
                            .status())
                    .isIn(401, 503);
        }
        assertThat(asked.get() - before).isLessThanOrEqualTo(2);
    }

    private static HttpServer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/keys", exchange -> {
                asked.incrementAndGet();
                if (provider == Provider.SILENT) {
                    return; // The connection stays open.
                }
                byte[] keys = Tokens.publicKeys().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(provider == Provider.UP ? 200 : 500, keys.length);
                exchange.getResponseBody().write(keys);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
