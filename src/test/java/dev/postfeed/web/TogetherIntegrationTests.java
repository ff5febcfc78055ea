package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newEmail;
import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.AtOnce;
import dev.postfeed.HeldRow;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.web.reactive.server.WebTestClient;

/** New rows of clients that write at the same time, in one statement: each gets the answer that it would get alone. */
@PostfeedTest
class TogetherIntegrationTests {

    private static final int CLIENTS = 64;
    private static final long NOBODY = Long.MAX_VALUE;

    Api api;
    Sql sql;

    @Value("${postfeed.database.url}")
    String url;

    @BeforeEach
    void connect(@Autowired WebTestClient client) {
        api = new Api(client);
        sql = new Sql(url);
    }

    @Test
    void aBadRowAmongGoodOnesIsRefusedAlone() throws Exception {
        String title = UUID.randomUUID().toString();
        for (int round = 0; round < 10; round++) {
            List<Answer> answers = AtOnce.call(
                    CLIENTS, i -> api.post("/posts", json("title", title, "user_id", i % 8 == 0 ? NOBODY : null)));
            for (int i = 0; i < CLIENTS; i++) {
                if (i % 8 == 0) {
                    assertThat(answers.get(i)
                                    .expectProblem(422, "invalid-value")
                                    .text("/errors/0/pointer"))
                            .isEqualTo("/user_id");
                } else {
                    answers.get(i).expect(201);
                }
            }
        }
        assertThat(sql.number("select count(*) from posts where title = ?", title))
                .isEqualTo(10L * (CLIENTS - CLIENTS / 8));
    }

    @Test
    void eachClientGetsItsOwnRow() throws Exception {
        for (int round = 0; round < 10; round++) {
            List<String> emails = Stream.generate(Api::newEmail).limit(CLIENTS).toList();
            List<Answer> answers =
                    AtOnce.call(CLIENTS, i -> api.post("/users", json("name", "N" + i, "email", emails.get(i))));
            List<Answer> read =
                    AtOnce.call(CLIENTS, i -> api.get(answers.get(i).expect(201).header("Location")));
            for (int i = 0; i < CLIENTS; i++) {
                assertThat(read.get(i).expect(200).text("/email")).isEqualTo(emails.get(i));
                assertThat(read.get(i).body()).isEqualTo(answers.get(i).body());
                assertThat(read.get(i).header("ETag")).isEqualTo(answers.get(i).header("ETag"));
            }
        }
    }

    @Test
    void ofOneEmailAmongOthersOneIsStored() throws Exception {
        for (int round = 0; round < 10; round++) {
            String contested = newEmail();
            List<Answer> answers = AtOnce.call(
                    CLIENTS,
                    i -> api.post("/users", i % 4 == 0 ? json("name", "N" + i, "email", contested) : newUser()));
            int stored = 0;
            for (int i = 0; i < CLIENTS; i++) {
                Answer answer = answers.get(i);
                if (i % 4 != 0 || answer.status() == 201) {
                    answer.expect(201);
                    stored += i % 4 == 0 ? 1 : 0;
                } else {
                    answer.expectProblem(409, "email-taken");
                }
            }
            assertThat(stored).isEqualTo(1);
        }
    }

    @Test
    void oneThatWaitsForALockKeepsNobodyElseWaiting() throws Exception {
        long held = api.post("/users", newUser()).expect(201).id();
        String title = UUID.randomUUID().toString();
        CompletableFuture<List<Answer>> blocked;
        try (HeldRow row = new HeldRow(url, held)) {
            blocked = CompletableFuture.supplyAsync(() -> {
                try {
                    return AtOnce.call(4, i -> api.post("/posts", json("title", title, "user_id", held)));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            Await.until(() -> sql.number("select count(*) from pg_stat_activity where datname = current_database()"
                            + " and wait_event_type = 'Lock'")
                    == 4);
            for (int round = 0; round < 5; round++) {
                AtOnce.call(16, i -> api.post("/posts", json("title", "free"))).forEach(answer -> answer.expect(201));
            }
            assertThat(blocked).isNotDone();
        }
        blocked.get().forEach(answer -> answer.expect(201));
        assertThat(sql.number("select count(*) from posts where title = ? and user_id = ?", title, held))
                .isEqualTo(4);
    }
}
