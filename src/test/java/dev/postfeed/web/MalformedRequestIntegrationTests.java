package dev.postfeed.web;

import static dev.postfeed.Api.newUser;
import static dev.postfeed.web.MalformedRequest.get;
import static dev.postfeed.web.MalformedRequest.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.AtOnce;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.PoolMetrics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Everything that a client can get wrong in one request, and what it is told. */
@PostfeedTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedRequestIntegrationTests {

    /** Whatever is changed in the tables changes this. */
    private static final String ALL_ROWS = "select md5(string_agg(line, ',' order by line)) from"
            + " (select u::text as line from users u union all select p::text from posts p) as lines";

    @LocalServerPort
    int port;

    Api api;
    Sql sql;
    String user;
    String rows;

    @BeforeAll
    void connect(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        api = new Api(client);
        sql = new Sql(url);
        user = api.post("/users", newUser()).expect(201).header("Location");
    }

    Stream<MalformedRequest> malformed() {
        return Stream.of(
                        MalformedPaths.rows(),
                        MalformedHeaders.rows(user),
                        MalformedBodies.rows(),
                        InvalidValues.rows(user))
                .flatMap(rows -> rows);
    }

    @BeforeEach
    void rememberRows() {
        rows = sql.text(ALL_ROWS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @Covers({Fault.BODY_MALFORMED, Fault.ID_MALFORMED, Fault.CONTROL_CHARACTERS, Fault.TARGET_MALFORMED})
    void malformed(MalformedRequest request) throws Exception {
        request.check(request.send(port));
        assertThat(sql.text(ALL_ROWS)).isEqualTo(rows);
    }

    @Test
    void theTableIsLong() {
        assertThat(malformed()).hasSizeGreaterThan(80);
        assertThat(malformed().map(Object::toString)).doesNotHaveDuplicates();
    }

    @Test
    void answersAfterAllOfThemAtOnceAndHoldsNoConnection(@Autowired ConnectionPool pool) throws Exception {
        List<MalformedRequest> all = malformed().toList();
        int clients = 8;
        AtOnce.call(clients, client -> {
            for (int i = client; i < all.size(); i += clients) {
                try {
                    assertThat(all.get(i).send(port).status()).isBetween(400, 499);
                } catch (Exception e) {
                    throw new AssertionError(all.get(i) + ": " + e, e);
                }
            }
            return client;
        });
        api.post("/users", newUser()).expect(201);
        PoolMetrics metrics = pool.getMetrics().orElseThrow();
        Await.until(() -> metrics.acquiredSize() == 0);
        assertThat(metrics.pendingAcquireSize()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json;foo=bar",
                "application/json;charset=utf-8",
                "application/json; charset=\"UTF-8\"",
                "APPLICATION/JSON"
            })
    void aMediaTypeMayHaveParameters(String type) throws Exception {
        byte[] body = newUser().getBytes(UTF_8);
        assertThat(request("", "POST", "/users").body(type, body).send(port).status())
                .isEqualTo(201);
        assertThat(request("", "POST", "/users")
                        .body(type, newUser().getBytes(UTF_8))
                        .inChunks()
                        .send(port)
                        .status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Prefer: garbage",
                "Prefer: return",
                "Prefer: return=",
                "Prefer: =,;\"",
                "Prefer: return=maximal",
                "Accept: application/*",
                "Accept: */*;q=0.1, text/xml",
                "If-None-Match: \"",
                "Cookie: ;;;=",
                "Range: bytes=0-1",
                "Last-Event-ID: \t",
                "Forwarded: for=\"",
                "X-Forwarded-For: x, y",
                "Authorization: Basic \u00FF"
            })
    void aHeaderThatSaysNothingToUsChangesNothing(String header) throws Exception {
        Answer answer =
                request("", "POST", "/users").with(header).json(newUser()).send(port);
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        assertThat(answer.id()).isPositive();
    }

    /** The links of a list have its filter. */
    @ParameterizedTest
    @Covers(Fault.CONTROL_CHARACTERS)
    @ValueSource(strings = {"%0D%0ASet-Cookie:x=1", "%0D%0A%0D%0A", "%0ASet-Cookie:x=1", "%0D", "%01%1B%7F", "%C2%85"})
    void aFilterInjectsNoHeader(String text) throws Exception {
        for (int i = 0; i < 2; i++) {
            api.post("/posts", "{\"title\":\"a\"}").expect(201);
        }
        Answer list = get("", "/posts?title=neq.x" + text + "&limit=1").send(port);
        assertThat(list.expect(200).headers().headerNames())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .containsExactlyInAnyOrder(
                        "content-type", "content-length", "link", "vary", "x-content-type-options", "connection");
        String characters = text.replaceFirst("Set-Cookie.*", "");
        assertThat(list.link("next")).containsIgnoringCase(characters).doesNotContainPattern("[^ -~]");
        assertThat(list.link("monitor")).containsIgnoringCase(characters).doesNotContainPattern("[^ -~]");
    }

    /** A client that reads only after it has written must get the 413 too, not a reset. */
    @Test
    void aClientLibraryGetsTheAnswerToABodyThatIsTooLarge() throws Exception {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            HttpRequest large = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/users"))
                    .header("Content-Type", "application/json")
                    .timeout(Duration.ofSeconds(10))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[10_000_000]))
                    .build();
            statuses.add(http.send(large, HttpResponse.BodyHandlers.ofString()).statusCode());
        }
        assertThat(statuses).containsOnly(413);
    }
}
