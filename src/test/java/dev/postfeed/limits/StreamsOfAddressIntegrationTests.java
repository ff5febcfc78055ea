package dev.postfeed.limits;

import static dev.postfeed.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import dev.postfeed.web.Await;
import dev.postfeed.web.StreamClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** One address that wants all streams. */
@PostfeedTest
@TestPropertySource(
        properties = {
            "postfeed.limits.streams-per-address=3",
            "postfeed.limits.exempt-addresses=none",
            "server.forward-headers-strategy=framework"
        })
class StreamsOfAddressIntegrationTests {

    private static final String NDJSON = "application/x-ndjson";
    private static final String EVENTS = "text/event-stream";
    private static final String OTHER = "X-Forwarded-For: 198.51.100.7";

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

    @Test
    void hasSoManyOfAllKindsUntilOneHasGone() throws Exception {
        for (int round = 0; round < 3; round++) {
            List<StreamClient> open = new ArrayList<>();
            try {
                for (String[] each :
                        new String[][] {{"/posts", NDJSON}, {"/posts/feed", EVENTS}, {"/posts/feed", "*/*"}}) {
                    StreamClient stream = new StreamClient(port, each[0], each[1]);
                    open.add(stream);
                    assertThat(stream.readHead()).startsWith("HTTP/1.1 200");
                }
                expectRefused(api.get("/posts", "Accept: text/csv"));
                expectRefused(api.get("/posts/feed", "Accept: " + EVENTS));
                expectRefused(api.get("/posts/feed"));
                expectRefused(api.postLines("/posts", json("title", "refused")));
                api.get("/posts?limit=1").expect(200);
                api.post("/users", Api.newUser()).expect(201);
                api.get("/posts?limit=1", "Accept: " + NDJSON, OTHER).expect(200);
                expectRefused(api.get("/posts?limit=1", "Accept: " + NDJSON));
            } finally {
                for (StreamClient stream : open) {
                    stream.close();
                }
            }
            Await.until(() -> api.get("/posts?limit=1", "Accept: " + NDJSON).status() == 200);
        }
        assertThat(api.get("/posts?title=eq.refused").json().size()).isZero();
    }

    @Test
    void whatEndsIsNoLongerOpen() {
        for (int i = 0; i < 10; i++) {
            api.get("/users/1/posts", "Accept: " + NDJSON).expectProblem(404, "not-found");
            api.get("/posts?nothing=1", "Accept: " + NDJSON).expectProblem(400, "invalid-parameter");
            api.get("/posts?limit=1", "Accept: text/csv").expect(200);
            api.postLines("/posts", json("title", "stored")).expect(200);
            api.postLines("/posts", "{").expect(200);
        }
    }

    private static void expectRefused(Answer answer) {
        answer.expectProblem(503, "overloaded");
        assertThat(answer.text("/detail")).contains("POSTFEED_LIMITS_STREAMS_PER_ADDRESS");
        assertThat(answer.header("Retry-After")).matches("[1-9]\\d*");
    }
}
