package dev.postfeed.feed;

import static dev.postfeed.Api.json;
import static dev.postfeed.feed.Subscribers.titles;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import dev.postfeed.TestPostgres;
import dev.postfeed.web.Await;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** What operators see of the feed. */
@PostfeedTest
@TestPropertySource(properties = "spring.application.name=feed-metrics") // Nobody else subscribes there.
class FeedMetricsIntegrationTests extends FeedFixture {

    private static final String PREFIX = "postfeed_feed_";

    private double value(String name) {
        Matcher line = Pattern.compile("^" + PREFIX + name + "(\\{[^}]*})? (?<value>\\S+)$", Pattern.MULTILINE)
                .matcher(api.get("/actuator/prometheus").expect(200).body());
        assertThat(line.find()).as(name).isTrue();
        return Double.parseDouble(line.group("value"));
    }

    @Test
    void countWhatIsSentToWhom() throws Exception {
        Await.until(() -> value("subscribers") == 0);
        double events = value("events_sent_total");
        double bytes = value("bytes_sent_bytes_total");
        FeedClient first = subscribers.follow("");
        FeedClient second = subscribers.follow("?title=eq.a");
        assertThat(value("subscribers")).isEqualTo(2);
        long last = 0;
        for (String title : List.of("a", "b", "a")) {
            last = api.post("/posts", json("title", title)).id();
        }
        titles(first, 3);
        titles(second, 2);
        assertThat(value("events_sent_total") - events).isEqualTo(5);
        assertThat(value("bytes_sent_bytes_total") - bytes).isBetween(5 * 80.0, 5 * 200.0);
        assertThat(value("highest_id")).isEqualTo(last);
        assertThat(value("behind_seconds")).isBetween(0.0, 5.0);
        assertThat(value("cursors_fallen_total")).isZero();
        first.close();
        second.close();
        Await.until(() -> value("subscribers") == 0);
    }

    @Test
    void showATransactionThatIsOpenForLong() throws Exception {
        FeedClient client = subscribers.follow("");
        try (Connection connection = TestPostgres.connect(database);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("insert into posts (title) values ('late')");
            api.post("/posts", json("title", "early")).expect(201);
            titles(client, 1);
            assertThat(value("holes_open")).isEqualTo(1);
            double age = value("holes_oldest_age_seconds");
            Await.until(() -> value("holes_oldest_age_seconds") > age + 1.5);
            connection.commit();
        }
        titles(client, 1);
        Await.until(() -> value("holes_open") == 0 && value("holes_oldest_age_seconds") == 0);
    }

    @Test
    void countTheTimesThatTheReaderLostItsConnection() throws Exception {
        double before = value("reader_reconnects_total");
        sql.run("select pg_terminate_backend(pid) from pg_stat_activity"
                + " where datname = current_database() and application_name = 'postfeed-feed'");
        Await.until(() -> value("reader_reconnects_total") == before + 1);
        FeedClient client = subscribers.follow("");
        api.post("/posts", json("title", "a")).expect(201);
        titles(client, 1);
    }
}
