package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.web.reactive.server.WebTestClient;

@PostfeedTest
class PageIntegrationTests {

    Api api;
    Sql sql;
    long user;

    @BeforeEach
    void connect(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        api = new Api(client);
        sql = new Sql(url);
        user = api.post("/users", newUser()).expect(201).id();
    }

    @Test
    void aPageHasAHundredRowsUnlessSaid() {
        insertPosts(101);
        for (String list : List.of("/posts", "/users/" + user + "/posts")) {
            Answer page = api.get(list).expect(200);
            assertThat(page.header("Content-Type")).isEqualTo("application/json");
            assertThat(page.json()).hasSize(100);
            assertThat(next(page)).startsWith(list + "?");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 999, 1000})
    void aPageHasAsManyRowsAsAskedFor(int limit) {
        insertPosts(1001);
        String list = "/users/" + user + "/posts";
        Answer page = api.get(list + "?limit=" + limit).expect(200);
        assertThat(page.json()).hasSize(limit);
        assertThat(ids(page)).isSorted();
        Answer second = api.get(next(page)).expect(200);
        assertThat(second.json()).hasSize(Math.min(limit, 1001 - limit));
        assertThat(ids(second).get(0)).isGreaterThan(ids(page).get(limit - 1));
    }

    @Test
    void theLastPageHasNoNextOneEvenWhenItIsFull() {
        insertPosts(4);
        String list = "/users/" + user + "/posts";
        assertThat(api.get(list + "?limit=4").expect(200).link("next")).isNull();
        Answer first = api.get(list + "?limit=2").expect(200);
        Answer last = api.get(next(first)).expect(200);
        assertThat(last.json()).hasSize(2);
        assertThat(last.link("next")).isNull();
    }

    @Test
    void aRowInAListIsTheRowItself() {
        insertPosts(1);
        String path = "/users/" + user + "/posts";
        long id = ids(api.get(path).expect(200)).get(0);
        assertThat(api.get(path).body()).isEqualTo("[" + api.get("/posts/" + id).body() + "]");
    }

    @Test
    void headOfAListHasTheHeadersOfGet() {
        insertPosts(2);
        String path = "/users/" + user + "/posts?limit=1";
        Answer get = api.get(path).expect(200);
        Answer head = api.head(path).expect(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().toSingleValueMap()).isEqualTo(get.headers().toSingleValueMap());
        assertThat(head.header("Content-Length")).isEqualTo("" + get.body().length());
    }

    @Test
    void aUserWithoutPostsHasAnEmptyList() {
        assertThat(api.get("/users/" + user + "/posts").expect(200).body()).isEqualTo("[]");
    }

    @Test
    void nobodyHasNoList() {
        api.delete("/users/" + user).expect(204);
        Answer answer = api.get("/users/" + user + "/posts").expectProblem(404, "not-found");
        assertThat(answer.text("/instance")).isEqualTo("/users/" + user + "/posts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/users", "/posts", "/users/{id}/posts"})
    void theLinksLeadToEveryRowOnceInOrderWhileOthersWrite(String pattern) throws Exception {
        String list = pattern.replace("{id}", "" + user);
        insertPosts(120);
        sql.run("insert into users (name, email) select 'Ada', gen_random_uuid() || '@example.com' from"
                + " generate_series(1, 120)");
        String table = pattern.equals("/users") ? "users" : "posts";
        String where = pattern.contains("{id}") ? " where user_id = " + user : "";
        String all = "select string_agg(id::text, ',' order by id) from " + table + where;
        List<Long> before =
                List.of(sql.text(all).split(",")).stream().map(Long::valueOf).toList();

        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Long> writer = CompletableFuture.supplyAsync(() -> {
            long written = 0;
            for (; !done.get() && written < 2000; written++) {
                api.post("/users", newUser()).expect(201);
                api.post("/posts", json("title", "new", "user_id", user)).expect(201);
            }
            return written;
        });
        List<Long> seen = walk(list + "?limit=13");
        done.set(true);
        assertThat(writer.get()).as("rows written while the list was read").isPositive();

        assertThat(seen).isSorted().doesNotHaveDuplicates().containsAll(before);
        List<Long> after =
                List.of(sql.text(all).split(",")).stream().map(Long::valueOf).toList();
        assertThat(seen).isEqualTo(after.subList(0, seen.size()));
    }

    @Test
    void aCursorOfAnotherListIsRefused() {
        insertPosts(3);
        long other = api.post("/users", newUser()).expect(201).id();
        List<String> lists = List.of("/users", "/posts", "/users/" + user + "/posts", "/users/" + other + "/posts");
        for (String of : lists.subList(0, 3)) {
            String next = next(api.get(of + "?limit=1").expect(200));
            String query = next.substring(next.indexOf('?') + 1);
            api.get(of + "?" + query).expect(200);
            for (String list : lists) {
                if (!list.equals(of)) {
                    api.get(list + "?" + query)
                            .expectProblem(400, "invalid-parameter")
                            .parameter("cursor");
                }
            }
        }
    }

    @Test
    void aCursorThatWasTamperedWithIsRefused() {
        insertPosts(2);
        String next = next(api.get("/posts?limit=1").expect(200));
        String cursor = next.substring(next.indexOf("cursor=") + "cursor=".length());
        char first = cursor.charAt(0) == 'A' ? 'B' : 'A';
        for (String tampered : List.of(
                "",
                "x",
                "1",
                first + cursor.substring(1),
                cursor.substring(1),
                cursor + "AAAA",
                cursor.substring(0, 8) + cursor.substring(0, 8),
                cursor.substring(0, 8) + "'--" + cursor.substring(11),
                "A".repeat(5000))) {
            api.get("/posts?limit=1&cursor=" + tampered)
                    .expectProblem(400, "invalid-parameter")
                    .parameter("cursor");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=-1",
                "limit=1001",
                "limit=99999999999999999999",
                "limit=abc",
                "limit=1e2",
                "limit=+5",
                "limit=05",
                "limit=5.0",
                "limit= 5",
                "limit=\u0663",
                "limit=",
                "limit",
                "limit=1&limit=1",
                "limit=1&cursor=x&limit=2"
            })
    void aLimitThatIsNoneIsRefused(String query) {
        for (String list : List.of("/users", "/posts", "/users/" + user + "/posts")) {
            api.get(list + "?" + query).expectProblem(400, "invalid-parameter").parameter("limit");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset", "Limit", "limit ", "name", "page", "\u00FC", "x[]"})
    void anUnknownParameterIsNamed(String name) {
        for (String list : List.of("/users", "/posts", "/users/" + user + "/posts", "/users/" + user)) {
            api.get(list + "?" + name + "=1")
                    .expectProblem(400, "invalid-parameter")
                    .parameter(name);
        }
        api.post("/posts?" + name + "=1", json("title", "a"))
                .expectProblem(400, "invalid-parameter")
                .parameter(name);
        api.delete("/users/" + user + "?" + name + "=1")
                .expectProblem(400, "invalid-parameter")
                .parameter(name);
    }

    private void insertPosts(int count) {
        sql.run("insert into posts (title, user_id) select 'p', ? from generate_series(1, ?)", user, count);
    }

    private List<Long> walk(String first) {
        List<Long> seen = new ArrayList<>();
        @Nullable String path = first;
        while (path != null) {
            Answer page = api.get(path).expect(200);
            seen.addAll(ids(page));
            path = page.link("next");
        }
        return seen;
    }

    private static String next(Answer page) {
        String next = page.link("next");
        assertThat(next).as("%s", page).isNotNull();
        return Objects.requireNonNull(next);
    }

    private static List<Long> ids(Answer page) {
        return page.json().valueStream().map(row -> row.path("id").asLong()).toList();
    }
}
