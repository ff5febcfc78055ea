package dev.postfeed.feed;

import static dev.postfeed.Api.json;
import static dev.postfeed.feed.Subscribers.caughtUp;
import static dev.postfeed.feed.Subscribers.reset;
import static dev.postfeed.feed.Subscribers.titles;
import static dev.postfeed.feed.Subscribers.titlesAround;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Api;
import dev.postfeed.PostfeedProcess;
import dev.postfeed.PrimaryAndStandby;
import dev.postfeed.PrimaryAndStandby.Replication;
import dev.postfeed.web.Await;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standby takes over that lacks the last posts, and gives their ids to others. */
class FeedFailoverIntegrationTests {

    private static final String TAKEN_OVER =
            "another server has taken over, which may lack the last posts: what is not certain comes again";

    /** More ids than a standby leaves out by itself: a sequence's log is 32 ahead. */
    private static final int LOST = 50;

    @TempDir
    Path directory;

    private static Api api(PostfeedProcess node) {
        return new Api(node.client());
    }

    private PostfeedProcess node(PrimaryAndStandby servers) {
        return PostfeedProcess.start(directory, Map.of("DATABASE_URL", servers.url()));
    }

    private static List<String> numbered(String title, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> title + " " + i).toList();
    }

    private static void write(Api api, List<String> titles) {
        titles.forEach(title ->
                assertThat(api.post("/posts", json("title", title)).status()).isEqualTo(201));
    }

    /** What the standby knows of the ids that had been drawn. */
    private static long remembered(PrimaryAndStandby servers) {
        String standby = "jdbc:" + servers.secondUrl().replace("postgres@", "");
        try (Connection connection = DriverManager.getConnection(standby, "postgres", "");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select drawn from feed_timelines where timeline = 1")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsNotCertainComesAgainToEverybodyAtEveryNode() throws Exception {
        try (PrimaryAndStandby servers = new PrimaryAndStandby(directory, Replication.ASYNCHRONOUS);
                PostfeedProcess node = node(servers);
                Subscribers subscribers = new Subscribers(node.awaitReady())) {
            Api api = api(node);
            FeedClient live = subscribers.follow("");
            FeedClient filtered = subscribers.follow("?title=ilike.new*");
            FeedClient early = subscribers.follow("");
            write(api, numbered("kept", 3));
            assertThat(titles(early, 3)).isEqualTo(numbered("kept", 3));
            String before = early.lastEventId();
            early.close();
            Await.until(() -> remembered(servers) == 3);

            servers.holdBack();
            write(api, numbered("lost", LOST));
            titles(live, 3 + LOST);
            FeedClient client = subscribers.open("", live.lastEventId());
            String position = caughtUp(client);
            assertThat(position).isEqualTo(Integer.toString(3 + LOST));
            client.close();
            servers.killPrimary();
            servers.promote();
            Await.until(() -> api.post("/posts", json("title", "new 1")).status() == 201);
            List<String> written = numbered("new", LOST + 10);
            write(api, written.subList(1, written.size()));

            assertThat(reset(live)).isEqualTo(TAKEN_OVER);
            assertThat(titlesAround(live, written.size())).isEqualTo(written);
            assertThat(live.lastEventId()).endsWith("~2");
            assertThat(reset(filtered)).isEqualTo(TAKEN_OVER);
            assertThat(titlesAround(filtered, written.size())).isEqualTo(written);

            try (PostfeedProcess other = node(servers);
                    Subscribers others = new Subscribers(other.awaitReady())) {
                FeedClient back = others.open("", position);
                assertThat(reset(back)).isEqualTo(TAKEN_OVER);
                assertThat(titles(back, written.size())).isEqualTo(written);
                assertThat(caughtUp(back)).isEqualTo(live.lastEventId());

                FeedClient fromBefore = others.open("", before);
                assertThat(reset(fromBefore)).isEqualTo(TAKEN_OVER);
                assertThat(titles(fromBefore, written.size())).isEqualTo(written);
                caughtUp(fromBefore);

                FeedClient onThis = others.open("", live.lastEventId());
                assertThat(caughtUp(onThis)).isEqualTo(live.lastEventId());
                FeedClient first = others.open("?last_event_id=earliest");
                assertThat(titles(first, 3 + written.size())).startsWith("kept 1", "kept 2", "kept 3", "new 1");
                FeedClient foreign = others.open("", "3~3");
                assertThat(reset(foreign)).isEqualTo("the database has no such timeline");
                assertThat(caughtUp(foreign)).isEqualTo(live.lastEventId());
                write(api(other), List.of("last"));
                for (FeedClient one : List.of(live, back, fromBefore, onThis, foreign)) {
                    assertThat(titlesAround(one, 1)).containsExactly("last");
                }
            }
        }
    }
}
