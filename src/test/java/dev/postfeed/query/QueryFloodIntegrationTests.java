package dev.postfeed.query;

import static dev.postfeed.Api.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import dev.postfeed.TestPostgres;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

/** Queries that are made to break out, or to cost what they may: refused, or done within bounds. */
@PostfeedTest
@TestPropertySource(properties = "spring.application.name=flood") // rows of its own
@Covers(Fault.QUERY_FLOOD)
class QueryFloodIntegrationTests {

    private static final Duration SOON = Duration.ofSeconds(5);

    /** The server ends a statement after 30 s. */
    private static final Duration LONGEST = Duration.ofSeconds(36);

    private static final List<String> PATHS = List.of("/posts", "/users", "/posts/1", "/posts/feed", "/users/1/posts");

    private static final List<String> PARAMETERS = List.of(
            "id",
            "title",
            "content",
            "user_id",
            "created_at",
            "name",
            "email",
            "order",
            "limit",
            "select",
            "or",
            "and",
            "cursor",
            "last_event_id",
            "lastEventId",
            "on_conflict",
            "unknown");

    private static final List<String> INJECTIONS = List.of(
            "' or 1=1--",
            "eq.1;drop table posts",
            "eq.' or ''='",
            "eq.'||(select pg_sleep(20))||'",
            "like.*'||pg_sleep(20)||'*",
            "in.(1,(select pg_sleep(20)))",
            "in.(1);delete from posts--",
            "(id.eq.1) or (select pg_sleep(20)) is null--",
            "(title.eq.$1,id.gt.pg_sleep(20))",
            "id;drop table posts",
            "title,(select pg_sleep(20))",
            "title::text",
            "eq.\\'; drop table posts; --",
            "eq.$$;drop table posts;$$",
            "not.eq.\"') or ('1'='1\"");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @LocalServerPort
    int port;

    Sql sql;
    String url;

    @BeforeEach
    void rows(@Value("${postfeed.database.url}") String database) {
        url = database;
        sql = new Sql(database);
        sql.run("insert into users (name, email) values ('a', 'a@example.com') on conflict do nothing");
        sql.run("insert into posts (title, content) values ('title', 'content')");
    }

    @Test
    void sqlIsAValueLikeAnyOtherInEveryParameter() {
        String rows = "select (select md5(string_agg(p::text, ',' order by id)) from posts p)"
                + " || (select md5(string_agg(u::text, ',' order by id)) from users u)";
        String before = sql.text(rows);
        for (String path : PATHS) {
            for (String parameter : PARAMETERS) {
                for (String injection : INJECTIONS) {
                    Timed answer = get(path + "?" + parameter + "=" + encoded(injection))
                            .join();
                    assertThat(answer.status).as("%s", answer).isIn(200, 400);
                    assertThat(answer.took).as("%s", answer).isLessThan(SOON);
                }
            }
        }
        Timed none = get("/posts?title=" + encoded("eq.' or ''='")).join();
        assertThat(none.body).isEqualTo("[]");
        assertThat(sql.text(rows)).isEqualTo(before);
    }

    @Test
    void whatIsTooMuchIsRefusedOrBounded() {
        String many = "id=gt.1&".repeat(10_000);
        assertThat(get("/posts?" + many).join().status).isEqualTo(414);
        assertThat(get("/posts?" + many.substring(0, 8 * 2000)).join().status).isEqualTo(400);
        assertThat(get("/posts?or=(" + "id.eq.1,".repeat(1900) + "id.eq.1)").join().status)
                .isEqualTo(400);
        assertThat(get("/posts?or=" + "(or".repeat(1000) + "(id.eq.1,id.eq.2)" + ")".repeat(1000))
                        .join()
                        .status)
                .isEqualTo(400);
        assertThat(get("/posts?or=" + "(and".repeat(1000) + "(id.eq.1,id.eq.2)" + ")".repeat(1000))
                        .join()
                        .status)
                .isEqualTo(400);
        Timed list = get("/posts?id=in.(" + "1,".repeat(7900) + "1)").join();
        assertThat(list.status).as("%s", list).isIn(200, 400);
        assertThat(list.took).isLessThan(SOON);
    }

    /** Patterns over large texts that nearly fit, for as long as a statement may take; meanwhile others are served. */
    @Test
    void wildcardsTakeNoLongerThanAStatementMay() throws Exception {
        sql.run("insert into posts (title, content) select 'long', repeat('a', 100000) from generate_series(1, 20)");
        List<CompletableFuture<Timed>> floods = new ArrayList<>();
        for (String pattern :
                List.of("*".repeat(15_000), "*a".repeat(7000) + "*b", "a*".repeat(7000) + "b", "_*".repeat(5000))) {
            for (String operator : List.of("like.", "ilike.")) {
                floods.add(get("/posts?limit=1&content=" + operator + pattern));
            }
        }
        serveUntil(floods);
        for (CompletableFuture<Timed> flood : floods) {
            Timed answer = flood.join();
            assertThat(answer.status).as("%s", answer).isIn(200, 400, 503);
            assertThat(answer.took).as("%s", answer).isLessThan(LONGEST);
        }
    }

    @Test
    void theServerEndsAStatementThatTakesTooLong() throws Exception {
        try (Connection locker = TestPostgres.connect(url);
                Statement lock = locker.createStatement()) {
            locker.setAutoCommit(false);
            lock.execute("lock table posts");
            CompletableFuture<Timed> list = get("/posts?title=eq.never");
            CompletableFuture<Timed> stream = get("/posts?title=eq.never", "text/csv");
            CompletableFuture<HttpResponse<String>> change = client.sendAsync(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/posts"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(json("title", "a")))
                            .build(),
                    HttpResponse.BodyHandlers.ofString(UTF_8));
            for (Timed answer : List.of(list.join(), stream.join())) {
                assertThat(answer.status).as("%s", answer).isEqualTo(503);
                assertThat(answer.body).contains("/problems/overloaded");
                assertThat(answer.took).isBetween(Duration.ofSeconds(29), LONGEST);
            }
            assertThat(change.join().statusCode()).isEqualTo(503);
        }
        assertThat(get("/posts?title=eq.never").join().status).isEqualTo(200);
    }

    private void serveUntil(List<CompletableFuture<Timed>> floods) throws InterruptedException {
        while (!floods.stream().allMatch(CompletableFuture::isDone)) {
            Timed answer = get("/users/1").join();
            assertThat(answer.status).as("%s", answer).isIn(200, 404);
            assertThat(answer.took).isLessThan(SOON);
            Thread.sleep(100);
        }
    }

    private record Timed(String path, int status, String body, Duration took) {

        @Override
        public String toString() {
            return path.substring(0, Math.min(200, path.length())) + ": " + status + " after " + took + " "
                    + body.substring(0, Math.min(200, body.length()));
        }
    }

    private CompletableFuture<Timed> get(String target) {
        return get(target, "*/*");
    }

    private CompletableFuture<Timed> get(String target, String accept) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                .header("Accept", accept);
        long begun = System.nanoTime();
        // A feed has no end.
        HttpResponse.BodyHandler<String> body =
                info -> info.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream")
                        ? HttpResponse.BodySubscribers.mapping(
                                HttpResponse.BodySubscribers.ofInputStream(), this::leave)
                        : HttpResponse.BodySubscribers.ofString(UTF_8);
        return client.sendAsync(request.build(), body)
                .orTimeout(60, TimeUnit.SECONDS)
                .thenApply(answer -> new Timed(
                        target, answer.statusCode(), answer.body(), Duration.ofNanos(System.nanoTime() - begun)));
    }

    private String leave(InputStream stream) {
        try {
            stream.close();
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
