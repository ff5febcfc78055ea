package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import io.r2dbc.pool.ConnectionPool;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Connections that the server ends under the service, in the midst of requests and between them. */
@PostfeedTest
class TerminatedConnectionIntegrationTests {

    private static final String TERMINATE = "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            + " where datname = current_database() and application_name = 'postfeed'";

    Api api;
    Sql sql;

    @BeforeEach
    void connect(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        api = new Api(client);
        sql = new Sql(url);
    }

    @Test
    void anIdleConnectionThatWasEndedFailsNoRequest() {
        for (int i = 0; i < 20; i++) {
            api.get("/posts?limit=1").expect(200);
            assertThat(sql.number(TERMINATE)).isPositive();
            api.post("/posts", json("title", "a")).expect(201);
        }
    }

    @Test
    void aRequestWhoseConnectionIsEndedIsToldToTryAgain(@Autowired ConnectionPool pool) throws Exception {
        String title = UUID.randomUUID().toString();
        AtomicBoolean done = new AtomicBoolean();
        List<CompletableFuture<List<Answer>>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            writers.add(CompletableFuture.supplyAsync(() -> {
                List<Answer> answers = new ArrayList<>();
                while (!done.get()) {
                    answers.add(api.post("/posts", json("title", title)));
                }
                return answers;
            }));
        }
        for (int i = 0; i < 50; i++) {
            Thread.sleep(20);
            sql.number(TERMINATE);
        }
        done.set(true);
        long acknowledged = 0;
        long refused = 0;
        for (CompletableFuture<List<Answer>> writer : writers) {
            for (Answer answer : writer.get()) {
                if (answer.status() == 201) {
                    acknowledged++;
                } else {
                    answer.expectProblem(503, "database-unavailable");
                    assertThat(answer.header("Retry-After")).isEqualTo("1");
                    refused++;
                }
            }
        }
        // A request that was refused may have been committed just before its connection ended.
        assertThat(sql.number("select count(*) from posts where title = ?", title))
                .isBetween(acknowledged, acknowledged + refused);
        assertThat(acknowledged).isPositive();
        api.get("/posts?limit=1").expect(200);
        Await.until(() -> pool.getMetrics().orElseThrow().acquiredSize() == 0);
    }
}
