package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.WebServer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.mock.env.MockEnvironment;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.databind.json.JsonMapper;

/** On a real connection to a server that has the edge alone, and answers {@code GET /slow} after three idle times. */
class IdleTimeoutTests {

    private static final Duration TIME = Duration.ofSeconds(1);

    private static WebServer server;
    private static WebServer http2Server;

    private Socket socket;
    private InputStream in;

    @BeforeAll
    static void start() {
        server = start(false);
        http2Server = start(true);
    }

    private static WebServer start(boolean http2) {
        NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory(0);
        Http2 protocol = new Http2();
        protocol.setEnabled(http2);
        factory.setHttp2(protocol);
        new NettyEdge(JsonMapper.shared(), new AccessLog(NOPLogger.NOP_LOGGER, false), TIME, new MockEnvironment())
                .customize(factory);
        WebServer server = factory.getWebServer((request, response) -> {
            response.getHeaders().setContentLength(2);
            return request.getBody()
                    .doOnNext(DataBufferUtils::release)
                    .then(request.getURI().getPath().equals("/slow") ? Mono.delay(TIME.multipliedBy(3)) : Mono.empty())
                    .then(response.writeWith(
                            Mono.fromSupplier(() -> response.bufferFactory().wrap(new byte[2]))));
        });
        server.start();
        return server;
    }

    @AfterAll
    static void stop() {
        server.stop();
        http2Server.stop();
    }

    @BeforeEach
    void connect() throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
        socket.setSoTimeout(10_000);
        in = socket.getInputStream();
    }

    @AfterEach
    void disconnect() throws IOException {
        socket.close();
    }

    @Test
    @Covers(Fault.CLIENTS_SLOW)
    void closesAConnectionThatSaysNothing() throws IOException {
        assertThat(timeToEnd()).isGreaterThan(TIME.dividedBy(2));
    }

    @Test
    @Covers(Fault.CLIENTS_SLOW)
    void closesAConnectionWhoseHeadersDoNotEnd() throws Exception {
        long begin = System.nanoTime();
        write("GET / HTTP/1.1\r\n");
        for (int i = 0; i < 3; i++) {
            Thread.sleep(TIME.toMillis() / 4);
            write("X: 1\r\n");
        }
        timeToEnd();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(TIME.multipliedBy(3));
    }

    @Test
    void closesItOnlySoLongAfterTheLastAnswer() throws Exception {
        for (int i = 0; i < 6; i++) {
            write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            readAnswer();
            Thread.sleep(TIME.toMillis() / 2);
        }
        assertThat(timeToEnd()).isLessThan(TIME.multipliedBy(2));
    }

    @Test
    void waitsForASlowAnswerAndThenAsLongAsAfterAnyOther() throws IOException {
        write("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
        readAnswer();
        assertThat(timeToEnd()).isGreaterThan(TIME.dividedBy(2));
    }

    @Test
    void waitsForASlowBody() throws Exception {
        write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n");
        for (int i = 0; i < 3; i++) {
            Thread.sleep(TIME.toMillis());
            write("x");
        }
        readAnswer();
    }

    /** HTTP/2: the preface and settings alone; then a request that takes longer than a connection may rest. */
    @Test
    void aConnectionOfHttp2RestsBetweenItsRequests() throws Exception {
        HttpClient client = HttpClient.create(ConnectionProvider.create("one", 1))
                .protocol(HttpProtocol.H2C)
                .baseUrl("http://127.0.0.1:" + http2Server.getPort());
        AtomicReference<Connection> connection = new AtomicReference<>();
        HttpClient observed = client.doOnConnected(opened -> connection.set(opened));
        for (String path : new String[] {"/slow", "/", "/slow"}) {
            assertThat(observed.get()
                            .uri(path)
                            .responseContent()
                            .aggregate()
                            .asByteArray()
                            .block(TIME.multipliedBy(10)))
                    .hasSize(2);
        }
        Channel stream = connection.get().channel();
        Channel whole = stream instanceof Http2StreamChannel ? stream.parent() : stream;
        assertThat(whole.isActive()).isTrue();
        long begin = System.nanoTime();
        assertThat(whole.closeFuture().await(TIME.multipliedBy(5).toMillis())).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(TIME.dividedBy(2), TIME.multipliedBy(3));
    }

    private void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void readAnswer() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as("what follows %s", head).isNotNegative();
            head.append((char) next);
        }
        assertThat(head).startsWith("HTTP/1.1 200 ");
        in.skipNBytes(2);
    }

    /** Until the server closes the connection, without another byte. */
    private Duration timeToEnd() throws IOException {
        long begin = System.nanoTime();
        assertThat(in.read()).isNegative();
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
