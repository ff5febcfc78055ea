package dev.postfeed.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Subscription;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import tools.jackson.databind.json.JsonMapper;

/** The feed, streams and uploads, whatever the connection speaks; subclasses have a method {@code protocols}. */
@PostfeedTest
abstract class ProtocolFixture {

    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int ROWS = 20_000;

    @LocalServerPort
    int port;

    @Autowired
    ConnectionPool connections;

    Sql sql;

    abstract HttpClient client(HttpProtocol protocol);

    @BeforeEach
    void noPosts(@Value("${postfeed.database.url}") String url) {
        sql = new Sql(url);
        sql.run("truncate posts, users");
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void isSpoken(HttpProtocol protocol) {
        HttpClientResponse response =
                client(protocol).get().uri("/posts").response().block(LONGEST);
        assertThat(response.version().text()).isEqualTo(protocol == HttpProtocol.HTTP11 ? "HTTP/1.1" : "HTTP/2.0");
        assertThat(response.responseHeaders().getAll("X-Content-Type-Options")).containsExactly("nosniff");
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void problemsAreProblems(HttpProtocol protocol) {
        for (String target : List.of("/nothing", "/users/0", "/posts?x=1", "/users?cursor=%ff", "/users/%zz")) {
            String problem = client(protocol)
                    .get()
                    .uri(target)
                    .responseSingle((response, body) -> {
                        assertThat(response.status().code()).as(target).isBetween(400, 404);
                        assertThat(response.responseHeaders().get("Content-Type"))
                                .as(target)
                                .isEqualTo("application/problem+json");
                        assertThat(response.responseHeaders().getAll("X-Content-Type-Options"))
                                .as(target)
                                .containsExactly("nosniff");
                        return body.asString();
                    })
                    .block(LONGEST);
            assertThat(problem).as(target).startsWith("{\"type\":\"/problems/");
        }
        HttpClientResponse head =
                client(protocol).head().uri("/users/0").response().block(LONGEST);
        assertThat(head.status().code()).isEqualTo(400);
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void aFaultIsOfTheTraceThatTheClientNamed(HttpProtocol protocol) {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        sql.run("alter table posts rename column content to gone");
        try {
            assertThat(fault(protocol, "00-" + trace + "-00f067aa0ba902b7-01")).endsWith("(trace id " + trace + ")");
            assertThat(fault(protocol, "ff-" + trace + "-00f067aa0ba902b7-01"))
                    .matches(".*\\(trace id [0-9a-f]{32}\\)")
                    .doesNotContain(trace);
        } finally {
            sql.run("alter table posts rename column gone to content");
        }
    }

    private String fault(HttpProtocol protocol, String traceParent) {
        String problem = client(protocol)
                .headers(headers -> headers.set("traceparent", traceParent))
                .get()
                .uri("/posts")
                .responseContent()
                .aggregate()
                .asString()
                .block(LONGEST);
        return JsonMapper.shared().readTree(problem).path("detail").asString();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void allRowsComeAsLines(HttpProtocol protocol) {
        insert(ROWS);
        String lines = client(protocol)
                .headers(headers -> headers.set("Accept", "application/x-ndjson"))
                .get()
                .uri("/posts?select=id")
                .responseContent()
                .aggregate()
                .asString()
                .block(LONGEST);
        assertThat(lines.lines()).hasSize(ROWS).isEqualTo(ids());
        assertThat(client(protocol)
                        .headers(headers -> headers.set("Accept", "text/csv"))
                        .get()
                        .uri("/posts")
                        .responseContent()
                        .asByteArray()
                        .map(bytes -> bytes.length)
                        .reduce(Integer::sum)
                        .block(LONGEST))
                .isGreaterThan(ROWS * 500);
    }

    private List<String> ids() {
        return sql.text("select string_agg('{\"id\":' || id || '}', ' ' order by id) from posts")
                .lines()
                .flatMap(all -> List.of(all.split(" ")).stream())
                .toList();
    }

    /** More of them than there are connections to the database. */
    @ParameterizedTest
    @MethodSource("protocols")
    void streamsThatNobodyReadsHoldNothing(HttpProtocol protocol) throws InterruptedException {
        insert(ROWS);
        HttpClient client = client(protocol).headers(headers -> headers.set("Accept", "application/x-ndjson"));
        List<Disposable> open = new ArrayList<>();
        AtomicInteger begun = new AtomicInteger();
        for (int i = 0; i < 40; i++) {
            open.add(client.get()
                    .uri("/posts")
                    .response((response, body) -> {
                        begun.incrementAndGet();
                        return body;
                    })
                    .subscribeWith(new OneOnly()));
        }
        try {
            Await.until(() -> begun.get() == 40);
            Await.until(() -> connections.getMetrics().orElseThrow().acquiredSize() == 0);
            expectServed(protocol);
        } finally {
            open.forEach(Disposable::dispose);
        }
        expectServed(protocol);
    }

    private void expectServed(HttpProtocol protocol) {
        assertThat(client(protocol)
                        .get()
                        .uri("/posts?limit=1")
                        .response()
                        .block(LONGEST)
                        .status()
                        .code())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void linesAreAnsweredWhileTheUploadGoesOn(HttpProtocol protocol) {
        Sinks.Many<ByteBuf> lines = Sinks.many().unicast().onBackpressureBuffer();
        lines.tryEmitNext(line("first")).orThrow();
        StringBuilder answers = new StringBuilder();
        client(protocol)
                .headers(headers -> headers.set("Content-Type", "application/x-ndjson"))
                .post()
                .uri("/posts")
                .send(lines.asFlux())
                .response((response, body) -> body.asString())
                .doOnNext(answer -> {
                    if (answers.isEmpty()) {
                        lines.tryEmitNext(line("second")).orThrow();
                        lines.tryEmitComplete().orThrow();
                    }
                    answers.append(answer);
                })
                .blockLast(LONGEST);
        assertThat(answers.toString().lines()).hasSize(2).allMatch(line -> line.contains("\"status\":201"));
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void manyLinesAreStoredOnce(HttpProtocol protocol) {
        String answers = client(protocol)
                .headers(headers -> headers.set("Content-Type", "application/x-ndjson"))
                .post()
                .uri("/posts")
                .send(Flux.range(0, ROWS)
                        .buffer(100)
                        .map(some -> Unpooled.copiedBuffer(
                                String.join(
                                        "",
                                        some.stream()
                                                .map(i -> "{\"title\":\"post " + i + "\"}\n")
                                                .toList()),
                                UTF_8)))
                .responseContent()
                .aggregate()
                .asString()
                .block(LONGEST);
        assertThat(answers.lines()).hasSize(ROWS).allMatch(line -> line.contains("\"status\":201"));
        assertThat(sql.number("select count(distinct title) from posts")).isEqualTo(ROWS);
    }

    /** On one connection, with HTTP/2; a browser's tabs. */
    @ParameterizedTest
    @MethodSource("protocols")
    void theFeedReachesEachOfManyStreamsAndGoesOn(HttpProtocol protocol) throws InterruptedException {
        HttpClient client = client(protocol);
        List<StringBuffer> feeds =
                IntStream.range(0, 20).mapToObj(i -> new StringBuffer()).toList();
        List<Disposable> open = feeds.stream()
                .map(feed -> client.get()
                        .uri("/posts/feed")
                        .responseContent()
                        .asString()
                        .subscribe(feed::append, feed::append))
                .toList();
        Await.until(() -> feeds.stream().allMatch(feed -> feed.indexOf("event: caught-up") >= 0));
        sql.run("insert into posts (title) select 'live ' || i from generate_series(1, 50) i");
        Await.until(() -> feeds.stream().allMatch(feed -> feed.indexOf("\"live 50\"") >= 0));
        for (StringBuffer feed : feeds) {
            assertThat(feed.toString().lines().filter(line -> line.startsWith("data: {\"id\"")))
                    .hasSize(50);
        }
        open.forEach(Disposable::dispose);
        String position = feeds.get(0)
                .toString()
                .lines()
                .filter(line -> line.startsWith("id: "))
                .reduce((before, last) -> last)
                .orElseThrow()
                .substring(4);
        sql.run("insert into posts (title) values ('missed')");
        StringBuffer again = new StringBuffer();
        Disposable resumed = client.headers(headers -> headers.set("Last-Event-ID", position))
                .get()
                .uri("/posts/feed")
                .responseContent()
                .asString()
                .subscribe(again::append, again::append);
        Await.until(() -> again.indexOf("\"missed\"") >= 0);
        assertThat(again.toString()).doesNotContain("live");
        resumed.dispose();
        Await.until(() -> subscribers(client) == 0);
    }

    private static int subscribers(HttpClient client) {
        return client.get()
                .uri("/actuator/prometheus")
                .responseContent()
                .aggregate()
                .asString()
                .map(metrics -> metrics.lines()
                        .filter(line -> line.startsWith("postfeed_feed_subscribers "))
                        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' '))))
                        .sum())
                .block(LONGEST);
    }

    private void insert(int rows) {
        sql.run(
                "insert into posts (title, content) select 'post ' || i, repeat('x', 500) from generate_series(1, ?) i",
                rows);
    }

    private static ByteBuf line(String title) {
        return Unpooled.copiedBuffer("{\"title\":\"" + title + "\"}\n", UTF_8);
    }

    private static final class OneOnly extends BaseSubscriber<ByteBuf> {

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(1);
        }
    }
}
