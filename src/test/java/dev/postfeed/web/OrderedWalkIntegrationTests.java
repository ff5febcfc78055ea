package dev.postfeed.web;

import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Following {@code next} to the end while others insert and delete: rows that stay are there once each, in order. */
@PostfeedTest
@TestPropertySource(properties = "spring.application.name=ordered-walk") // rows of its own
class OrderedWalkIntegrationTests {

    private static final int ROWS = 300;

    Api api;
    Sql sql;

    @BeforeEach
    void rows(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        api = new Api(client);
        sql = new Sql(url);
        sql.run("delete from posts");
        long one = api.post("/users", newUser()).expect(201).id();
        long other = api.post("/users", newUser()).expect(201).id();
        // Ties everywhere, and nulls.
        sql.run(
                "insert into posts (title, content, user_id, created_at) select 'stays ' || i % 5,"
                        + " case when i % 3 = 0 then null else repeat('c', i % 4) end, case i % 4 when 0 then null when 1 then ? else ? end,"
                        + " timestamptz '2026-01-01' + i % 7 * interval '1 microsecond' from generate_series(1, ?) i",
                one, other, ROWS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id",
                "id.desc",
                "created_at.desc",
                "created_at.desc,id",
                "created_at,title.desc",
                "user_id",
                "user_id.desc",
                "user_id.nullsfirst",
                "user_id.desc.nullslast,created_at",
                "title,content.desc,id",
                "content.nullsfirst,user_id.desc",
                "content.desc.nullslast,user_id.asc.nullsfirst,created_at.desc"
            })
    void noRowIsSkippedOrRepeated(String order) {
        String sqlOrder = order.replace('.', ' ').replace("nulls", "nulls ");
        List<Long> expected = ids("select string_agg(id::text, ',' order by " + sqlOrder
                + tieBreaker(order)
                + ") from posts where title like 'stays%'");
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Integer> others = CompletableFuture.supplyAsync(() -> churn(done));

        List<Long> seen = new ArrayList<>();
        @Nullable String path = "/posts?select=id,title&limit=7&order=" + order;
        while (path != null) {
            Answer page = api.get(path).expect(200);
            page.json().forEach(row -> {
                if (row.path("title").asString().startsWith("stays")) {
                    seen.add(row.path("id").asLong());
                }
            });
            path = page.link("next");
        }
        done.set(true);
        assertThat(others.join()).as("rounds of the others meanwhile").isPositive();
        assertThat(seen).isEqualTo(expected);
    }

    /** In the direction of the last term; after an id it decides nothing. */
    private static String tieBreaker(String order) {
        String last = order.substring(order.lastIndexOf(',') + 1);
        return last.contains(".desc") ? ", id desc" : ", id";
    }

    private int churn(AtomicBoolean done) {
        int rounds = 0;
        for (; !done.get() && rounds < 20_000; rounds++) {
            sql.run("insert into posts (title, content, created_at) values ('comes', 'c', '2026-01-01'),"
                    + " ('zzz', null, timestamptz '2026-01-01' + 3 * interval '1 microsecond')");
            pause(); // Otherwise the end of the list runs away from who walks it.
            if (rounds % 2 == 0) {
                sql.run("delete from posts where title in ('comes', 'zzz') and id % 2 = 0");
            }
        }
        return rounds;
    }

    private static void pause() {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Long> ids(String query) {
        return Arrays.stream(sql.text(query).split(",")).map(Long::valueOf).toList();
    }
}
