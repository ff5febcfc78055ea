package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** More streams than there may be. */
@PostfeedTest
@TestPropertySource(properties = "postfeed.limits.streams=2")
class StreamLimitIntegrationTests {

    private static final String NDJSON = "application/x-ndjson";

    Api api;

    @LocalServerPort
    int port;

    @BeforeEach
    void write(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        api = new Api(client);
        Sql sql = new Sql(url);
        sql.run("truncate posts, users");
        // More than the buffers of two sockets.
        sql.run("insert into posts (title, content) select 'a', repeat('x', 10000) from generate_series(1, 2000)");
    }

    @ParameterizedTest
    @ValueSource(strings = {NDJSON, "text/csv"})
    void oneMoreIsRefusedUntilOneHasGone(String form) throws Exception {
        try (Upload upload = new Upload(port, "/posts");
                StreamClient stream = new StreamClient(port, "/posts", form)) {
            upload.send(json("title", "one") + "\n");
            assertThat(upload.line().path("status").asInt()).isEqualTo(201);
            assertThat(stream.readHead()).startsWith("HTTP/1.1 200");

            for (int i = 0; i < 3; i++) {
                expectRefused(api.get("/posts", "Accept: " + form));
                expectRefused(api.postLines("/posts", json("title", "refused")));
            }
            api.get("/posts?limit=1").expect(200);
            api.head("/posts", "Accept: " + form).expect(200);
            api.post("/posts", json("title", "two")).expect(201);

            upload.end();
            assertThat(upload.line()).isNull();
        }
        Await.until(() -> api.get("/posts?title=eq.one", "Accept: " + form).status() == 200);
        assertThat(api.get("/posts?title=eq.refused").json().size()).isZero();
    }

    private static void expectRefused(Answer answer) {
        answer.expectProblem(503, "overloaded");
        assertThat(answer.text("/detail")).contains("POSTFEED_LIMITS_STREAMS=2");
        assertThat(answer.header("Retry-After")).matches("[1-9]\\d*");
        assertThat(answer.headers().containsHeader("Link")).isFalse();
    }

    @Test
    void whatFailsOrIsCutIsNoLongerOpen() throws Exception {
        for (int i = 0; i < 10; i++) {
            api.get("/users/1/posts", "Accept: " + NDJSON).expectProblem(404, "not-found");
            api.get("/posts?title=eq.none", "Accept: " + NDJSON).expect(200);
            api.postLines("/posts", "{").expect(200);
            StreamClient cut = new StreamClient(port, "/posts", NDJSON);
            cut.readHead();
            cut.close();
            Await.until(
                    () -> api.get("/posts?title=eq.none", "Accept: " + NDJSON).status() == 200);
        }
    }
}
