package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.HeldRow;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import io.r2dbc.pool.ConnectionPool;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Connections that the server ends under the service, in the midst of requests and between them. */
@PostfeedTest
@Covers(Fault.CONNECTION_TERMINATED)
class TerminatedConnectionIntegrationTests {

    private static final String TERMINATE = "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            + " where datname = current_database() and application_name = 'postfeed'";

    @AutoClose("shutdown")
    final ExecutorService threads = Executors.newCachedThreadPool();

    Api api;
    Sql sql;
    String url;

    @BeforeEach
    void connect(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String database) {
        api = new Api(client);
        sql = new Sql(database);
        url = database;
    }

    @Test
    void anIdleConnectionThatWasEndedFailsNoRequest() {
        for (int i = 0; i < 20; i++) {
            api.get("/posts?limit=1").expect(200);
            assertThat(sql.number(TERMINATE)).isPositive();
            api.post("/posts", json("title", "a")).expect(201);
        }
    }

    /** Each waits for a row that somebody holds, on a connection of its own. */
    @Test
    void onlyTheRequestOnTheConnectionThatIsEndedFails() throws Exception {
        List<HeldRow> held = new ArrayList<>();
        List<CompletableFuture<Answer>> changes = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                Answer user = api.post("/users", newUser()).expect(201);
                held.add(new HeldRow(url, user.id()));
                changes.add(CompletableFuture.supplyAsync(
                        () -> api.patch(user.header("Location"), json("name", "Grace")), threads));
            }
            Await.until(() -> waiting().size() == 5);
            List<String> connections = waiting();
            for (int i = 0; i < 3; i++) {
                int ended = i + 1;
                sql.run("select pg_terminate_backend(?)", Integer.parseInt(connections.get(i)));
                Await.until(
                        () -> changes.stream().filter(CompletableFuture::isDone).count() == ended);
                assertThat(waiting()).isEqualTo(connections.subList(ended, 5));
                api.get("/posts?limit=1").expect(200);
            }
        } finally {
            for (HeldRow row : held) {
                row.close();
            }
        }
        List<Answer> answers = changes.stream().map(CompletableFuture::join).toList();
        assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(503, 503, 503, 200, 200);
        for (Answer answer : answers) {
            if (answer.status() == 503) {
                answer.expectProblem(503, "database-unavailable");
                assertThat(answer.header("Retry-After")).isEqualTo("1");
            }
        }
    }

    private List<String> waiting() {
        return sql.column("select pid from pg_stat_activity where datname = current_database()"
                + " and application_name = 'postfeed' and wait_event_type = 'Lock' order by pid");
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
