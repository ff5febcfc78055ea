package dev.postfeed.page;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newUser;

import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import dev.postfeed.web.Await;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The service, a database in which nobody else writes, a network between it and a browser, and the page in there. */
@PostfeedTest
@NeedsChromium
@TestPropertySource(properties = "spring.application.name=page")
abstract class PageFixture {

    Api api;
    Sql sql;
    String database;
    CutNetwork network;
    LivePage page;

    @LocalServerPort
    int port;

    @BeforeEach
    void openTab(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        api = new Api(client);
        sql = new Sql(url);
        database = url;
        sql.run("truncate posts, users"); // The ids go on: to the feed this is no other past.
        network = new CutNetwork(port);
        page = new LivePage(Chromium.driver());
    }

    @AfterEach
    void closeNetwork() {
        try {
            page.expectNoErrors();
        } finally {
            page.driver.get("about:blank");
            network.close();
        }
    }

    LivePage open() throws InterruptedException {
        return page.open(network.url());
    }

    long post(String title) {
        return post(title, null);
    }

    long post(String title, @Nullable String content) {
        return api.post("/posts", json("title", title, "content", content))
                .expect(201)
                .id();
    }

    long user() {
        return api.post("/users", newUser()).expect(201).id();
    }

    /** By another program, all in one transaction. */
    void insert(int posts, String title) throws InterruptedException {
        sql.run(
                "insert into posts (title, content) select ? || i, 'text of ' || i from generate_series(1, ?) i",
                title,
                posts);
        awaitReader();
    }

    /** While nobody is subscribed the node looks once a second only; until then its position is from before. */
    void awaitReader() throws InterruptedException {
        String highest = sql.text("select max(id) from posts");
        Await.until(() -> {
            String link = api.get("/posts?limit=1").link("monitor");
            return link != null && link.endsWith("last_event_id=" + highest);
        });
    }
}
