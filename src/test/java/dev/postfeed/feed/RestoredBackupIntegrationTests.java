package dev.postfeed.feed;

import static dev.postfeed.Api.json;
import static dev.postfeed.feed.Subscribers.caughtUp;
import static dev.postfeed.feed.Subscribers.reset;
import static dev.postfeed.feed.Subscribers.titles;
import static dev.postfeed.feed.Subscribers.titlesAround;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import dev.postfeed.TestPostgres;
import dev.postfeed.web.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.TestPropertySource;

/**
 * A database that is replaced by a copy from before, under a service that runs: what the README says of positions, and what it
 * tells to do about them. The copy is PostgreSQL's own ({@code create database … template}), sequences included.
 */
@PostfeedTest
@TestPropertySource(properties = "spring.application.name=restored-backup") // For a database of its own.
class RestoredBackupIntegrationTests extends FeedFixture {

    private String name;

    @BeforeEach
    void backUp(@Value("${postfeed.database.url}") String url) throws Exception {
        name = url.substring(url.lastIndexOf('/') + 1);
        for (String title : List.of("a", "b", "c")) {
            Await.until(() -> api.post("/posts", json("title", title)).status() == 201);
        }
        server(
                "alter database " + name + " allow_connections false",
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '" + name + "'",
                "create database " + name + "_backup template " + name,
                "alter database " + name + " allow_connections true");
        Await.until(() -> api.get("/posts").status() == 200);
    }

    @AfterEach
    void forgetTheBackup() throws SQLException {
        server("drop database " + name + "_backup");
    }

    /** @param setval before anybody writes to it */
    private void restore(String... setval) throws Exception {
        server(
                "alter database " + name + " allow_connections false",
                "drop database " + name + " with (force)",
                "create database restored template " + name + "_backup");
        try (Connection restored = TestPostgres.connect(on("restored"));
                Statement statement = restored.createStatement()) {
            for (String sql : setval) {
                statement.execute(sql);
            }
        }
        server("alter database restored rename to " + name);
        Await.until(() -> api.get("/posts").status() == 200);
    }

    private void server(String... statements) throws SQLException {
        try (Connection connection = TestPostgres.connect(on("postgres"));
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private String on(String other) {
        return database.substring(0, database.lastIndexOf('/') + 1) + other;
    }

    /** Written after the backup, and lost with the database. Gives the position of one who has them. */
    private String writeWhatIsLost(FeedClient client, int posts) throws Exception {
        for (int i = 1; i <= posts; i++) {
            post("lost " + i);
        }
        titles(client, posts);
        return client.lastEventId();
    }

    @Test
    void whoIsAheadOfARestoredDatabaseIsToldSo() throws Exception {
        FeedClient live = subscribers.follow("");
        String position = writeWhatIsLost(live, 5);
        restore();
        assertThat(reset(live)).isEqualTo("the ids of posts have gone back");
        caughtUp(live);
        FeedClient back = subscribers.open("", position);
        assertThat(reset(back)).isEqualTo("the position is ahead of all posts");
        caughtUp(back);
        post("new");
        assertThat(titles(live, 1)).containsExactly("new");
        assertThat(titles(back, 1)).containsExactly("new");
    }

    /** Why the sequence is to be set: nobody can tell these ids from those. */
    @Test
    void withIdsGivenAgainWhoComesBackLateMissesThem() throws Exception {
        FeedClient client = subscribers.follow("");
        String position = writeWhatIsLost(client, 3);
        client.close();
        restore();
        for (int i = 1; i <= 5; i++) {
            post("new " + i);
        }
        FeedClient back = subscribers.open("", position);
        assertThat(titlesAround(back, 2)).containsExactly("new 4", "new 5");
    }

    @Test
    void withTheSequenceSetBeyondAllThatWasGivenNobodyMissesAnything() throws Exception {
        FeedClient live = subscribers.follow("");
        FeedClient client = subscribers.follow("");
        String position = writeWhatIsLost(client, 3);
        titles(live, 3);
        client.close();
        long highest = FeedPosition.parse(position).highest();
        restore("select setval(pg_get_serial_sequence('posts', 'id'), last_value + 1000000) from posts_id_seq");
        List<String> written = List.of("new 1", "new 2", "new 3", "new 4", "new 5");
        written.forEach(this::post);
        assertThat(titles(live, 5)).isEqualTo(written);
        FeedClient back = subscribers.open("", position);
        assertThat(titlesAround(back, 5)).isEqualTo(written);
        assertThat(FeedPosition.parse(back.lastEventId()).highest()).isGreaterThan(highest + 900_000);
        FeedClient all = subscribers.open("?last_event_id=earliest");
        assertThat(titlesAround(all, 8)).endsWith("new 1", "new 2", "new 3", "new 4", "new 5");
    }
}
