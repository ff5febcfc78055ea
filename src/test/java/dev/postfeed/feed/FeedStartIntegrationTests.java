package dev.postfeed.feed;

import static dev.postfeed.feed.Subscribers.caughtUp;
import static dev.postfeed.feed.Subscribers.firstTitle;
import static dev.postfeed.feed.Subscribers.ids;
import static dev.postfeed.feed.Subscribers.next;
import static dev.postfeed.feed.Subscribers.reset;
import static dev.postfeed.feed.Subscribers.titles;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

/** Where a stream begins. */
@PostfeedTest
@TestPropertySource(properties = "spring.application.name=feed") // For rows of their own.
class FeedStartIntegrationTests extends FeedFixture {

    private static final String DRAWN =
            "select case when is_called then last_value else last_value - 1 end from posts_id_seq";

    private String positionNow() throws IOException {
        try (FeedClient client = subscribers.open("")) {
            return caughtUp(client);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?last_event_id=now", "?lastEventId=now", "?last_event_id=", "?lastEventId=%20"})
    void nowIsAfterWhatWasAcknowledgedBefore(String query) throws IOException {
        for (int i = 0; i < 10; i++) {
            post("before");
            try (FeedClient client = subscribers.open(query)) {
                post("after " + i);
                assertThat(firstTitle(client)).isEqualTo("after " + i);
            }
        }
    }

    @Test
    void nowIsAfterWhatAnotherProgramWroteBefore() throws IOException {
        for (int i = 0; i < 10; i++) {
            sql.run("insert into posts (title) values ('before')");
            try (FeedClient client = subscribers.open("", "now")) {
                sql.run("insert into posts (title) values (?)", "after " + i);
                assertThat(firstTitle(client)).isEqualTo("after " + i);
            }
        }
    }

    /** More than a pass reads at once, and found by the first pass after a rest. */
    @Test
    void nowIsAfterTheManyThatWereWrittenWhileNobodyWasSubscribed() throws Exception {
        for (int i = 0; i < 3; i++) {
            Thread.sleep(1_200);
            sql.run("insert into posts (title) select 'before' from generate_series(1, 2500)");
            try (FeedClient client = subscribers.open("")) {
                post("after " + i);
                assertThat(firstTitle(client)).isEqualTo("after " + i);
            }
        }
    }

    @Test
    void earliestIsEveryPostThereIs() throws IOException {
        sql.run("insert into posts (title) select 'one of many' from generate_series(1, 2500)");
        // Not the last: the feed is where that is.
        sql.run("delete from posts where id % 7 = 0 and id < (select max(id) from posts)");
        List<Long> all = sql.column("select id from posts order by id").stream()
                .map(Long::valueOf)
                .toList();
        FeedClient client = subscribers.open("?last_event_id=earliest");
        assertThat(ids(client, all.size())).isEqualTo(all);
        assertThat(caughtUp(client)).isEqualTo(sql.text(DRAWN));
        post("live");
        assertThat(titles(client, 1)).containsExactly("live");
    }

    @Test
    void zeroIsEarliest() throws IOException {
        post("a");
        FeedClient client = subscribers.open("", "0");
        assertThat(ids(client, 1)).containsExactly(sql.number("select min(id) from posts"));
    }

    @Test
    void goesOnAfterAPositionThatIsGivenInAnyWay() throws IOException {
        String start = positionNow();
        post("a");
        post("b");
        for (FeedClient client : List.of(
                subscribers.open("", start),
                subscribers.open("?last_event_id=" + start),
                subscribers.open("?lastEventId=" + start),
                subscribers.open("?last_event_id=&lastEventId=" + start),
                subscribers.open("?last_event_id=" + start, ""))) {
            String afterA = next(client, "post").id();
            assertThat(titles(client, 1)).containsExactly("b");
            caughtUp(client);
            FeedClient later = subscribers.open("", afterA);
            assertThat(titles(later, 1)).containsExactly("b");
            caughtUp(later);
        }
    }

    @Test
    void theHeaderWinsOverTheParameterAndThatOverItsOtherSpelling() throws IOException {
        String start = positionNow();
        post("a");
        FeedClient afterA = subscribers.open("", start);
        String position = next(afterA, "post").id();
        post("b");
        FeedClient byHeader = subscribers.open("?last_event_id=earliest&lastEventId=earliest", position);
        assertThat(titles(byHeader, 1)).containsExactly("b");
        FeedClient byParameter = subscribers.open("?lastEventId=earliest&last_event_id=" + position);
        assertThat(titles(byParameter, 1)).containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"last_event_id", "lastEventId"})
    void refusesAParameterThatIsGivenTwice(String name) {
        api.get("/posts/feed?" + name + "=1&" + name + "=2", "Accept: text/event-stream")
                .expectProblem(400, "invalid-parameter")
                .parameter(name);
    }

    @Test
    void saysOnceThatItHasCaughtUp() throws IOException {
        String start = positionNow();
        post("a");
        FeedClient client = subscribers.open("", start);
        assertThat(titles(client, 1)).containsExactly("a");
        caughtUp(client);
        for (int i = 0; i < 20; i++) {
            post("live " + i);
            assertThat(titles(client, 1)).containsExactly("live " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc",
                "-1",
                "+1",
                "1.5",
                "1e3",
                "99999999999999999999",
                "5-",
                "5-5",
                "5-9",
                "5-3.3",
                "5-3.4",
                "5-4.2",
                "5-2_2",
                "5-3_2",
                "5-1_",
                "5-1..3",
                "5-0",
                "5 6",
                "Now",
                "null",
                "EARLIEST",
                "5-1;2",
                "'; drop table posts"
            })
    void resetsWhoComesWithWhatIsNoPosition(String position) throws IOException {
        post("before");
        FeedClient client = subscribers.open("", position);
        assertThat(reset(client)).isEqualTo("this is no position");
        caughtUp(client);
        post("after");
        assertThat(titles(client, 1)).containsExactly("after");
    }

    @Test
    void resetsWhoIsAheadOfAllIdsThatWereDrawn() throws IOException {
        FeedClient other = subscribers.follow("");
        post("before");
        titles(other, 1); // Now this node knows of it.
        long drawn = sql.number(DRAWN);
        for (String ahead : List.of("" + (drawn + 1), "9223372036854775807", (drawn + 7) + "-3")) {
            FeedClient client = subscribers.open("", ahead);
            assertThat(reset(client)).isEqualTo("the position is ahead of all posts");
            assertThat(caughtUp(client)).isEqualTo("" + drawn);
        }
        FeedClient notAhead = subscribers.open("", "" + drawn);
        caughtUp(notAhead);
        post("after");
        assertThat(titles(notAhead, 1)).containsExactly("after");
    }

    @Test
    void whatIsWrittenAfterTheAnswerHasBegunComesAfterAReset() throws IOException {
        for (int i = 0; i < 20; i++) {
            FeedClient client = subscribers.open("", i % 2 == 0 ? "x" : "9223372036854775807");
            post("after " + i);
            reset(client);
            assertThat(firstTitle(client)).isEqualTo("after " + i);
        }
    }
}
