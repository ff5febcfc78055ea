package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newUser;

import dev.postfeed.Api;
import dev.postfeed.Sql;
import io.r2dbc.pool.ConnectionPool;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/** Uploads of posts with a title of their own; after each the pool is whole. */
abstract class LinesFixture {

    static final String LENIENT = "Prefer: handling=lenient";

    /** The id of no user. */
    static final long NOBODY = Long.MAX_VALUE;

    @Autowired
    ConnectionPool pool;

    Api api;
    Sql sql;
    String url;
    String title;
    long user;

    @BeforeEach
    void create(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String database) {
        api = new Api(client);
        sql = new Sql(database);
        url = database;
        anotherTitle();
        user = api.post("/users", newUser()).expect(201).id();
    }

    @AfterEach
    void thePoolIsWhole() throws InterruptedException {
        Await.until(() -> pool.getMetrics().orElseThrow().acquiredSize() == 0);
    }

    void anotherTitle() {
        title = "Lines " + UUID.randomUUID();
    }

    CompletableFuture<List<JsonNode>> upload(int lines, IntFunction<Long> userOf) {
        return CompletableFuture.supplyAsync(
                () -> post(IntStream.range(0, lines).mapToObj(i -> line(userOf.apply(i)))));
    }

    List<JsonNode> post(Stream<String> lines) {
        return api.postLines("/posts", lines.collect(Collectors.joining("\n")))
                .expect(200)
                .lines();
    }

    String line(long userId) {
        return json("title", title, "user_id", userId);
    }

    long stored() {
        return sql.number("select count(*) from posts where title = ?", title);
    }
}
