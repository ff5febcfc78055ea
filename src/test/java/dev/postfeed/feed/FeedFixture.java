package dev.postfeed.feed;

import static dev.postfeed.Api.json;

import dev.postfeed.Api;
import dev.postfeed.Sql;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;

/** What tests of the feed have to do with: the API, another program on the database, subscribers. */
abstract class FeedFixture {

    Api api;
    Sql sql;
    String database;

    @LocalServerPort
    int port;

    @AutoClose
    Subscribers subscribers;

    @BeforeEach
    void connectAll(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        api = new Api(client);
        sql = new Sql(url);
        database = url;
        subscribers = new Subscribers(port);
    }

    void post(String title) {
        api.post("/posts", json("title", title)).expect(201);
    }
}
