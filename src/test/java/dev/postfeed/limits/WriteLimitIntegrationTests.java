package dev.postfeed.limits;

import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.netty.http.client.HttpClient;

@PostfeedTest
@EnabledOnOs(value = OS.LINUX, disabledReason = "others have one loopback address")
@TestPropertySource(
        properties = {
            "postfeed.limits.writes-per-address=3",
            "postfeed.limits.exempt-addresses=127.0.0.2,192.0.2.0/24",
            "server.forward-headers-strategy=native"
        })
class WriteLimitIntegrationTests {

    Api api;

    @LocalServerPort
    int port;

    @BeforeEach
    void connect(@Autowired WebTestClient client) throws InterruptedException {
        api = new Api(client);
        Thread.sleep(1_100); // What the test before has taken is there again.
    }

    private static Answer refused(Supplier<Answer> request) {
        for (int i = 0; i < 20; i++) {
            Answer answer = request.get();
            assertThat(answer.header("RateLimit-Policy")).isEqualTo("\"writes\";q=3;w=1");
            assertThat(answer.header("RateLimit")).matches("\"writes\";r=[0-2];t=1");
            if (answer.status() == 429) {
                return answer;
            }
        }
        throw new AssertionError("nothing was refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/users", "/posts", "/session", "/nowhere", "/posts/feed"})
    void tooManyPostsAreRefused(String path) {
        Answer answer = refused(() -> api.post(path, "{}")).expectProblem(429, "too-many-requests");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.text("/detail"))
                .isEqualTo("an address may make 3 requests a second that change something"
                        + " (POSTFEED_LIMITS_WRITES_PER_ADDRESS)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/users/1", "/posts/1"})
    void tooManyOtherChangesAreRefused(String path) {
        for (Supplier<Answer> request : List.<Supplier<Answer>>of(
                () -> api.put(path, "{}"), () -> api.patch(path, "{}"), () -> api.delete(path))) {
            refused(request).expectProblem(429, "too-many-requests");
        }
        refused(() -> api.delete("/session")).expectProblem(429, "too-many-requests");
    }

    @Test
    void asManyAsMayGoAtOnceAndAsManyASecond() throws InterruptedException {
        for (int round = 0; round < 2; round++) {
            long begun = System.nanoTime();
            for (int left = 2; left >= 0; left--) {
                Answer answer = api.post("/users", newUser()).expect(201);
                if (System.nanoTime() - begun < 300_000_000) {
                    assertThat(answer.header("RateLimit")).isEqualTo("\"writes\";r=" + left + ";t=1");
                }
            }
            Thread.sleep(1_100);
        }
    }

    @Test
    void readingIsNotLimitedEvenByThoseWhoMayNotWrite() {
        refused(() -> api.post("/users", "{}"));
        for (int i = 0; i < 20; i++) {
            Answer answer = api.get("/users?limit=1").expect(200);
            assertThat(answer.headers().containsHeader("RateLimit")).isFalse();
        }
        api.get("/users/1", "Accept: application/json");
    }

    @Test
    void exemptAddressesAreNotLimited() {
        HttpClient client = HttpClient.create().bindAddress(() -> new InetSocketAddress("127.0.0.2", 0));
        for (int i = 0; i < 20; i++) {
            assertThat(delete(client)).isEqualTo(404);
        }
    }

    /** Behind a proxy that says so, the address is that of the client; nobody is exempt by saying so. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: 198.51.100.1",
                "X-Forwarded-For: 192.0.2.77",
                "X-Forwarded-For: 127.0.0.2",
                "X-Forwarded-For: 127.0.0.2, 198.51.100.9",
                "Forwarded: for=127.0.0.2",
                "X-Forwarded-For: nobody",
                "Forwarded: for=_hidden"
            })
    void whoeverAProxyNamesIsLimited(String header) {
        refused(() -> api.delete("/posts/1", header)).expectProblem(429, "too-many-requests");
    }

    @Test
    void clientsThatAProxyNamesAreLimitedEachForItself() {
        refused(() -> api.delete("/posts/1", "X-Forwarded-For: 198.51.100.1"));
        api.delete("/posts/1", "X-Forwarded-For: 198.51.100.2").expect(404);
        api.delete("/posts/1", "X-Forwarded-For: ::ffff:198.51.100.3").expect(404);
        refused(() -> api.delete("/posts/1", "X-Forwarded-For: 2001:db8::1"));
        api.delete("/posts/1", "X-Forwarded-For: 2001:db8::2").expect(429);
        api.delete("/posts/1", "X-Forwarded-For: 2001:db8:0:1::1").expect(404);
    }

    private int delete(HttpClient client) {
        return client.delete()
                .uri("http://127.0.0.1:" + port + "/posts/1")
                .response()
                .map(response -> response.status().code())
                .block(Duration.ofSeconds(10));
    }
}
