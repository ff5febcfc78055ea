package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.AtOnce;
import dev.postfeed.PostfeedTest;
import dev.postfeed.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Uploads of which several transactions are under way at once look as if there had been one after the other. */
@PostfeedTest
class LinesInTurnIntegrationTests extends LinesFixture {

    private static final String AT_WORK = "select count(*) from pg_stat_activity where datname = current_database()"
            + " and application_name = 'postfeed' and xact_start is not null and query like '%posts%'";

    @Test
    void threeAreUnderWayAndIdsRiseWithTheLines() throws Exception {
        CompletableFuture<List<JsonNode>> upload = upload(60_000, i -> user);
        long most = 0;
        while (!upload.isDone()) {
            most = Math.max(most, sql.number(AT_WORK));
        }
        List<JsonNode> lines = upload.get();
        assertThat(lines).hasSize(60_000);
        long before = 0;
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line = lines.get(i);
            assertThat(line.path("line").asInt()).isEqualTo(i + 1);
            assertThat(line.path("status").asInt()).isEqualTo(201);
            assertThat(line.path("id").asLong()).isGreaterThan(before);
            before = line.path("id").asLong();
        }
        assertThat(stored()).isEqualTo(60_000);
        assertThat(most).as("transactions at once").isEqualTo(3);
    }

    @Test
    void whatALineHoldsIsStoredAsItIs() {
        String[] contents = {
            null, "", "\t\\N\\.\n\r", "\uD834\uDD1E\uD834\uDD1E", "{\"a\",b}", "\u00E9\u20AC", "x".repeat(10_000)
        };
        List<JsonNode> lines = post(IntStream.range(0, 7000)
                .mapToObj(i -> json(
                        "title",
                        title,
                        "content",
                        contents[i % contents.length],
                        "user_id",
                        i % 2 == 0 ? null : user)));
        assertThat(lines).hasSize(7000);
        List<String> stored = sql.column("select content from posts where title = ? order by id", title);
        List<String> users = sql.column("select user_id from posts where title = ? order by id", title);
        assertThat(stored).hasSize(7000);
        for (int i = 0; i < 7000; i++) {
            assertThat(stored.get(i)).isEqualTo(contents[i % contents.length]);
            assertThat(users.get(i)).isEqualTo(i % 2 == 0 ? null : Long.toString(user));
        }
    }

    @Test
    void nothingAfterTheFirstBadLineIsStored() throws Exception {
        Random random = new Random(1);
        for (int round = 0; round < 20; round++) {
            anotherTitle();
            int bad = 1 + random.nextInt(8000);
            boolean malformed = round % 2 == 0;
            List<JsonNode> lines = malformed
                    ? post(IntStream.range(1, 8000).mapToObj(i -> i == bad ? "{}" : line(user)))
                    : post(IntStream.range(1, 8000).mapToObj(i -> line(i == bad ? NOBODY : user)));
            assertThat(lines).hasSize(Math.min(bad, 7999));
            assertThat(lines.subList(0, bad - 1))
                    .allSatisfy(line -> assertThat(line.path("status").asInt()).isEqualTo(201));
            assertThat(lines.get(bad - 1).path("status").asInt()).isEqualTo(422);
            assertThat(stored()).isEqualTo(bad - 1);
        }
    }

    @Test
    void badLinesHaveNoIdWhereTheOthersAreStored() throws Exception {
        Random random = new Random(2);
        boolean[] bad = new boolean[10_000];
        String body = IntStream.range(0, bad.length)
                .mapToObj(i -> {
                    bad[i] = random.nextInt(50) == 0;
                    return bad[i] ? i % 2 == 0 ? line(NOBODY) : "[]" : line(user);
                })
                .collect(Collectors.joining("\n"));
        List<JsonNode> lines =
                api.postLines("/posts", body, LENIENT).expect(200).lines();
        assertThat(lines).hasSize(bad.length);
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < bad.length; i++) {
            assertThat(lines.get(i).path("status").asInt() == 201).isEqualTo(!bad[i]);
            assertThat(lines.get(i).has("id")).isEqualTo(!bad[i]);
            if (!bad[i]) {
                ids.add(lines.get(i).path("id").asLong());
            }
        }
        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(stored()).isEqualTo(ids.size());
    }

    /** It holds the lock that the first transaction waits for, and waits for one that the second has. */
    @Test
    void anotherTransactionBetweenTheTwoIsNoDeadlock() throws Exception {
        long first = api.post("/users", newUser()).expect(201).id();
        long second = api.post("/users", newUser()).expect(201).id();
        CompletableFuture<List<JsonNode>> upload;
        try (Connection other = TestPostgres.connect(url);
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("set local statement_timeout = '10s'");
            statement.execute("delete from users where id = " + first);
            upload = upload(6000, i -> i < 3000 ? first : second);
            TimeUnit.MILLISECONDS.sleep(300);
            statement.execute("delete from users where id = " + second);
            other.commit();
        }
        List<JsonNode> lines = upload.get(10, TimeUnit.SECONDS);
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0).path("status").asInt()).isEqualTo(422);
        assertThat(stored()).isZero();
    }

    @Test
    void manyUploadsAtOnceDoNotWaitForEachOthersConnections() throws Exception {
        String body = IntStream.range(0, 5000).mapToObj(i -> line(user)).collect(Collectors.joining("\n"));
        AtOnce.call(20, client -> api.postLines("/posts", body).expect(200).lines())
                .forEach(lines -> assertThat(lines).hasSize(5000));
        assertThat(stored()).isEqualTo(100_000);
    }
}
