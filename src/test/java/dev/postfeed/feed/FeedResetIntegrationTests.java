package dev.postfeed.feed;

import static dev.postfeed.feed.Subscribers.caughtUp;
import static dev.postfeed.feed.Subscribers.ids;
import static dev.postfeed.feed.Subscribers.reset;
import static dev.postfeed.feed.Subscribers.titles;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Ids that go back, as after a backup was restored. */
@PostfeedTest
@TestPropertySource(properties = "spring.application.name=feed-reset") // For ids of their own.
class FeedResetIntegrationTests extends FeedFixture {

    private static final String GONE_BACK = "the ids of posts have gone back";

    @Test
    void resetsAllStreamsAndThoseWhoComeBack() throws IOException {
        FeedClient plain = subscribers.follow("");
        FeedClient filtered = subscribers.follow("?title=ilike.*A*");
        for (String title : List.of("a", "b", "c", "d", "a")) {
            post(title);
        }
        assertThat(titles(plain, 5)).containsExactly("a", "b", "c", "d", "a");
        assertThat(titles(filtered, 2)).containsExactly("a", "a");
        String before = plain.lastEventId();

        sql.run("truncate posts restart identity");
        for (FeedClient client : List.of(plain, filtered)) {
            assertThat(reset(client)).isEqualTo(GONE_BACK);
            assertThat(caughtUp(client)).isEqualTo("0");
        }
        FeedClient back = subscribers.open("", before);
        assertThat(reset(back)).isEqualTo("the position is ahead of all posts");
        caughtUp(back);
        post("anew");
        for (FeedClient client : List.of(plain, filtered, back)) {
            assertThat(ids(client, 1)).containsExactly(1L);
        }
        FeedClient all = subscribers.open("?last_event_id=earliest");
        assertThat(titles(all, 1)).containsExactly("anew");
        caughtUp(all);
    }

    @Test
    void anEmptyTableIsNoOtherPast() throws IOException {
        post("a");
        FeedClient client = subscribers.follow("");
        sql.run("truncate posts");
        post("b");
        assertThat(titles(client, 1)).containsExactly("b");
    }

    @Test
    void idsThatGoBackWhileNobodyIsThereResetWhoComesBack() throws IOException {
        String before;
        try (FeedClient client = subscribers.open("")) {
            caughtUp(client);
            post("a");
            post("b");
            titles(client, 2);
            before = client.lastEventId();
        }
        sql.run("truncate posts restart identity");
        FeedClient back = subscribers.open("", before);
        reset(back);
        caughtUp(back);
        post("c");
        assertThat(titles(back, 1)).containsExactly("c");
    }
}
