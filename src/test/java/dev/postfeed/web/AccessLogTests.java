package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.postfeed.Answer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.WebServer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.mock.env.MockEnvironment;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.json.JsonMapper;

/** On real connections to a server that has the edge alone: {@code /stream} has no end, {@code /never} no answer. */
class AccessLogTests {

    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String TRACE_PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

    private final Logger logger = (Logger) LoggerFactory.getLogger("access." + System.nanoTime());
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private WebServer server;

    @BeforeEach
    void start() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(lines);
        lines.start();
        server = start(false);
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private WebServer start(boolean behindProxy) {
        NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory(0);
        Http2 http2 = new Http2();
        http2.setEnabled(true);
        factory.setHttp2(http2);
        new NettyEdge(
                        JsonMapper.shared(),
                        new AccessLog(logger, behindProxy),
                        Duration.ofMinutes(1),
                        new MockEnvironment())
                .customize(factory);
        WebServer started = factory.getWebServer(AccessLogTests::answer);
        started.start();
        return started;
    }

    private static Mono<Void> answer(ServerHttpRequest request, ServerHttpResponse response) {
        String path = request.getURI().getPath();
        Mono<Void> read = request.getBody().doOnNext(DataBufferUtils::release).then();
        if (path.equals("/never")) {
            return Mono.never();
        }
        if (path.equals("/stream")) {
            return response.writeAndFlushWith(Flux.interval(Duration.ofMillis(20))
                    .onBackpressureDrop()
                    .map(i -> Flux.just(response.bufferFactory().wrap(new byte[100]))));
        }
        response.setStatusCode(path.equals("/fault") ? HttpStatus.INTERNAL_SERVER_ERROR : HttpStatus.OK);
        return read.then(response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(new byte[1234]))));
    }

    private HttpClient client(HttpProtocol protocol) {
        return HttpClient.newConnection().protocol(protocol).baseUrl("http://127.0.0.1:" + server.getPort());
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpProtocol.class,
            names = {"HTTP11", "H2C"})
    void tellsAllOfARequest(HttpProtocol protocol) throws InterruptedException {
        client(protocol)
                .headers(headers -> headers.set("traceparent", TRACE_PARENT)
                        .set("User-Agent", "agent/1")
                        .set("Authorization", "Bearer secret")
                        .set("Cookie", "name=secret"))
                .get()
                .uri("/posts?title=eq.a%22b&limit=1")
                .responseContent()
                .aggregate()
                .block(LONGEST);
        ILoggingEvent line = await(1).get(0);
        String version = protocol == HttpProtocol.H2C ? "2" : "1.1";
        assertThat(line.getFormattedMessage())
                .matches("127\\.0\\.0\\.1 \"GET /posts\\?title=eq\\.a%22b&limit=1 HTTP/" + version.replace(".", "\\.")
                        + "\" 200 1234 [0-9]+\\.[0-9]ms " + TRACE + " \"agent/1\"");
        Map<String, Object> fields = fields(line);
        assertThat((long) fields.remove("event.duration")).isBetween(1000L, LONGEST.toNanos());
        assertThat(fields)
                .isEqualTo(Map.of(
                        "client.ip", "127.0.0.1",
                        "http.request.method", "GET",
                        "url.path", "/posts",
                        "url.query", "title=eq.a%22b&limit=1",
                        "http.version", version,
                        "http.response.status_code", 200,
                        "http.response.body.bytes", 1234L,
                        "event.outcome", "success",
                        "trace.id", TRACE,
                        "user_agent.original", "agent/1"));
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpProtocol.class,
            names = {"HTTP11", "H2C"})
    void anAnswerThatTheClientLeftIsCut(HttpProtocol protocol) throws InterruptedException {
        Disposable left =
                client(protocol).get().uri("/stream").responseContent().take(3).subscribe();
        ILoggingEvent line = await(1).get(0);
        assertThat(left.isDisposed()).isTrue();
        assertThat(line.getFormattedMessage())
                .contains("\"GET /stream HTTP/")
                .contains("\" 200 ")
                .endsWith("\" cut");
        assertThat(fields(line)).containsEntry("event.outcome", "failure");
        assertThat((long) fields(line).get("http.response.body.bytes")).isGreaterThanOrEqualTo(300);
        assertThat((long) fields(line).get("event.duration")).isGreaterThan(20_000_000);
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpProtocol.class,
            names = {"HTTP11", "H2C"})
    void aRequestThatTheClientLeftHasNoStatus(HttpProtocol protocol) throws InterruptedException {
        client(protocol)
                .get()
                .uri("/never")
                .response()
                .timeout(Duration.ofMillis(500))
                .onErrorComplete()
                .block(LONGEST);
        ILoggingEvent line = await(1).get(0);
        assertThat(line.getFormattedMessage()).contains("\" - 0 ").endsWith("\" cut");
        assertThat(fields(line))
                .doesNotContainKey("http.response.status_code")
                .containsEntry("event.outcome", "failure");
    }

    @Test
    void timesAreWrittenOut() {
        assertThat(AccessLog.millis(1_250_000)).isEqualTo("1.2");
        assertThat(AccessLog.millis(Duration.ofDays(30).toNanos())).isEqualTo("2592000000.0");
    }

    @Test
    void aFaultIsAFailureAlsoWhenItIsWhole() throws InterruptedException {
        client(HttpProtocol.HTTP11).get().uri("/fault").response().block(LONGEST);
        assertThat(fields(await(1).get(0)))
                .containsEntry("event.outcome", "failure")
                .containsEntry("http.response.status_code", 500);
    }

    @Test
    void aConnectionThatBecomesHttp2KeepsItsFirstRequest() throws Exception {
        HttpResponse<String> response = java.net.http.HttpClient.newBuilder()
                .version(Version.HTTP_2)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getPort() + "/first?x=1"))
                                .header("traceparent", TRACE_PARENT)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.version()).isEqualTo(Version.HTTP_2);
        assertThat(await(1).get(0).getFormattedMessage())
                .contains("\"GET /first?x=1 HTTP/2\" 200 1234 ")
                .contains(TRACE);
    }

    @Test
    void requestsThatAreSentAtOnceHaveALineEach() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
            String requests = "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nHEAD /2 HTTP/1.1\r\nHost: x\r\n\r\n"
                    + "GET /never HTTP/1.1\r\nHost: x\r\n\r\nGET /4 HTTP/1.1\r\nHost: x\r\n\r\n";
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
            await(2);
        }
        assertThat(await(4))
                .extracting(line -> line.getFormattedMessage().replaceFirst("(\" [0-9-]+ [0-9]+) .*?( cut)?$", "$1$2"))
                .containsExactly(
                        "127.0.0.1 \"GET /1 HTTP/1.1\" 200 1234",
                        "127.0.0.1 \"HEAD /2 HTTP/1.1\" 200 0",
                        "127.0.0.1 \"GET /never HTTP/1.1\" - 0 cut",
                        "127.0.0.1 \"GET /4 HTTP/1.1\" - 0 cut");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /a%LONG% HTTP/1.1|Host: x, 414, - - HTTP/1.0",
        "GET /a HTTP/1.1|Host: x|X: %LONG%, 431, GET /a HTTP/1.1",
        "nonsense, 400, - - HTTP/1.0"
    })
    void whatTheServerRefusesByItselfHasALine(String request, int status, String told) throws Exception {
        String bytes = request.replace("%LONG%", "a".repeat(20_000)).replace("|", "\r\n") + "\r\n\r\n";
        Answer answer = RawHttp.send(server.getPort(), bytes.getBytes(StandardCharsets.ISO_8859_1));
        answer.expect(status);
        assertThat(await(1).get(0).getFormattedMessage())
                .matches("127\\.0\\.0\\.1 \"" + told + "\" " + status + " "
                        + answer.body().length() + " [0-9.]+ms [0-9a-f]{32} \"-\"");
    }

    @Test
    void whatAClientSendsDoesNotBreakOutOfItsLine() throws Exception {
        String request =
                "GET /\u00e9\"\\?\u001b HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUser-Agent: a\"b\\c\t\u00e9\r\n\r\n";
        RawHttp.send(server.getPort(), request.getBytes(StandardCharsets.ISO_8859_1))
                .expect(200);
        ILoggingEvent line = await(1).get(0);
        assertThat(line.getFormattedMessage())
                .contains("\"GET /%E9%22%5C?%1B HTTP/1.1\" 200")
                .endsWith(" \"a\\x22b\\x5Cc\\x09\\xE9\"");
        assertThat(fields(line)).containsEntry("user_agent.original", "a\\x22b\\x5Cc\\x09\\xE9");
        assertThat(LogText.of("\u001b[31m\r\n\u0085\u007f", 100)).isEqualTo("\\x1B[31m\\x0D\\x0A\\x85\\x7F");
    }

    @Test
    void aLineIsNoLongerThanItMayBe() throws Exception {
        String request = "GET /" + "a".repeat(3000) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUser-Agent: "
                + "b".repeat(5000) + "\r\n\r\n";
        RawHttp.send(server.getPort(), request.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(await(1).get(0).getFormattedMessage())
                .contains("/" + "a".repeat(1999) + "... HTTP/1.1")
                .endsWith(" \"" + "b".repeat(200) + "...\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Forwarded: for=192.0.2.60;proto=https, for=198.51.100.1 | 192.0.2.60",
                "Forwarded: for=\"[2001:db8::1]:4711\" | 2001:db8::1",
                "X-Forwarded-For: 203.0.113.7, 198.51.100.1 | 203.0.113.7",
                "X-Forwarded-For: 2001:db8::1 | 2001:db8::1",
                "X-Forwarded-For: ::1%\" \"GET /forged HTTP/1.1 | 127.0.0.1",
                "X-Forwarded-For: 203.0.113.7:port | 127.0.0.1",
                "Forwarded: for=\"192.0.2.60:port\" | 127.0.0.1",
                "Forwarded: for=_hidden | 127.0.0.1",
                "X: none | 127.0.0.1"
            })
    void aProxyInFrontTellsWhoTheClientIs(String header, String client) throws Exception {
        WebServer behindProxy = start(true);
        try {
            String request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + header + "\r\n\r\n";
            RawHttp.send(behindProxy.getPort(), request.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(fields(await(1).get(0))).containsEntry("client.ip", client);
            RawHttp.send(server.getPort(), request.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(fields(await(2).get(1))).containsEntry("client.ip", "127.0.0.1");
        } finally {
            behindProxy.stop();
        }
    }

    @Test
    void costsNothingWhereItIsOff() throws Exception {
        logger.setLevel(Level.OFF);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo('H');
            logger.setLevel(Level.INFO); // Not looked at again on this connection: nothing of it is there.
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            in.skipNBytes(1500);
        }
        client(HttpProtocol.HTTP11).get().uri("/last").response().block(LONGEST);
        assertThat(await(1).get(0).getFormattedMessage()).contains("/last");
    }

    private List<ILoggingEvent> await(int count) throws InterruptedException {
        Await.until(() -> lines.list.size() >= count);
        List<ILoggingEvent> all = List.copyOf(lines.list);
        assertThat(all).hasSize(count);
        return all;
    }

    private static Map<String, Object> fields(ILoggingEvent line) {
        Map<String, Object> fields = new HashMap<>();
        line.getKeyValuePairs()
                .forEach(pair -> assertThat(fields.put(pair.key, pair.value)).isNull());
        return fields;
    }
}
