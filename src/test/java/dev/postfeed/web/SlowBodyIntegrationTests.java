package dev.postfeed.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import reactor.core.publisher.Flux;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/** A body that comes byte by byte: each would be in time, were the time counted from the one before. */
@PostfeedTest
@Covers(Fault.CLIENTS_SLOW)
@TestPropertySource(properties = {"postfeed.limits.body-timeout=1s", "server.http2.enabled=true"})
class SlowBodyIntegrationTests {

    private static final Duration LONGEST = Duration.ofSeconds(20);

    @LocalServerPort
    int port;

    @ParameterizedTest
    @EnumSource(
            value = HttpProtocol.class,
            names = {"HTTP11", "H2C"})
    void isNotWaitedFor(HttpProtocol protocol) {
        Integer status = HttpClient.create()
                .protocol(protocol)
                .headers(headers -> headers.set("Content-Type", "application/json"))
                .post()
                .uri("http://127.0.0.1:" + port + "/users")
                .send(Flux.interval(Duration.ofMillis(200)).map(i -> Unpooled.copiedBuffer(" ", ISO_8859_1)))
                .responseSingle((response, body) -> body.asString()
                        .doOnNext(problem -> assertThat(problem).contains("/problems/request-timeout"))
                        .thenReturn(response.status().code()))
                .block(LONGEST);
        assertThat(status).isEqualTo(408);
    }
}
