package dev.postfeed.feed;

import static dev.postfeed.Api.json;
import static dev.postfeed.feed.Subscribers.caughtUp;
import static dev.postfeed.feed.Subscribers.ids;
import static dev.postfeed.feed.Subscribers.next;
import static dev.postfeed.feed.Subscribers.titles;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.PostfeedTest;
import dev.postfeed.TestPostgres;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** What comes, whoever wrote it and however, and what does not. */
@PostfeedTest
@TestPropertySource(properties = "spring.application.name=feed") // For rows of their own.
class FeedIntegrationTests extends FeedFixture {

    @AutoClose
    Connection transaction;

    @BeforeEach
    void begin() throws SQLException {
        transaction = TestPostgres.connect(database);
        transaction.setAutoCommit(false);
    }

    /** In a transaction that is open until it is told otherwise. */
    private void inTransaction(String statement) throws SQLException {
        try (Statement execution = transaction.createStatement()) {
            execution.execute(statement);
        }
    }

    @Test
    void anEventIsTheRowAsAListHasIt() throws IOException {
        FeedClient client = subscribers.follow("");
        Answer post = api.post("/posts", json("title", "Hello", "content", "a\nb"));
        StreamEvent event = next(client, "post");
        assertThat(event.id()).isEqualTo("" + post.id());
        assertThat(event.data()).isEqualTo(post.body());
        assertThat("[" + event.data() + "]")
                .isEqualTo(api.get("/posts?id=eq." + post.id()).body());
    }

    @Test
    void postsComeInTheOrderInWhichTheyWereAcknowledgedWhoeverWroteThem() throws IOException {
        FeedClient client = subscribers.follow("");
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            written.add("post " + i);
            if (i % 3 == 0) {
                sql.run("insert into posts (title) values (?)", "post " + i);
            } else {
                post("post " + i);
            }
        }
        assertThat(titles(client, 100)).isEqualTo(written);
    }

    @Test
    void manyRowsAtOnceCome() throws IOException {
        FeedClient client = subscribers.follow("");
        api.post("/posts", "[{\"title\":\"a\"},{\"title\":\"b\"}]").expect(201);
        assertThat(titles(client, 2)).containsExactly("a", "b");

        api.postLines("/posts", "{\"title\":\"c\"}\n{\"title\":\"d\"}\n").expect(200);
        assertThat(titles(client, 2)).containsExactly("c", "d");

        sql.run("insert into posts (title) select 'post ' || i from generate_series(1, 5000) i");
        assertThat(titles(client, 5000))
                .isEqualTo(IntStream.rangeClosed(1, 5000)
                        .mapToObj(i -> "post " + i)
                        .toList());
    }

    /** Other programs notify nobody. */
    @Test
    @Covers(Fault.NOTIFICATION_MISSED)
    void aPostOfWhichNobodyIsNotifiedIsFoundByThePoll() throws IOException {
        FeedClient client = subscribers.follow("");
        for (int i = 0; i < 20; i++) {
            long written = System.nanoTime();
            sql.run("insert into posts (title) values (?)", "post " + i);
            assertThat(titles(client, 1)).containsExactly("post " + i);
            assertThat(Duration.ofNanos(System.nanoTime() - written)).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void aRequestThatComesAgainIsOnePost() throws IOException {
        FeedClient client = subscribers.follow("");
        for (int i = 0; i < 2; i++) {
            api.post("/posts", json("title", "once"), "Idempotency-Key: \"once\"")
                    .expect(201);
            api.postLines("/posts", "{\"title\":\"a line\"}\n", "Idempotency-Key: \"line\"")
                    .expect(200);
        }
        post("next");
        assertThat(titles(client, 3)).containsExactly("once", "a line", "next");
    }

    @Test
    @Covers(Fault.COMMIT_LATE)
    void aLateCommitComesToThoseWhoAreThereAndToThoseWhoComeBack() throws Exception {
        FeedClient client = subscribers.follow("");
        inTransaction("insert into posts (title) values ('late')");
        post("early");
        assertThat(titles(client, 1)).containsExactly("early");
        String position = client.lastEventId();
        assertThat(position).matches("\\d+-\\d+");
        FeedClient whileOpen = subscribers.open("", position);
        caughtUp(whileOpen);
        FeedClient nowWhileOpen = subscribers.follow("");

        transaction.commit();
        FeedClient after = subscribers.open("", position);
        for (FeedClient each : List.of(client, whileOpen, nowWhileOpen)) {
            assertThat(titles(each, 1)).containsExactly("late");
            assertThat(each.lastEventId()).matches("\\d+");
        }
        assertThat(titles(after, 1)).containsExactly("late");
        caughtUp(after);
        FeedClient nothingLeft = subscribers.open("", client.lastEventId());
        caughtUp(nothingLeft);
    }

    @Test
    @Covers(Fault.COMMIT_LATE)
    void aCommitThatIsLateForThousandsIsNoneForThousands() throws Exception {
        FeedClient client = subscribers.follow("");
        inTransaction("insert into posts (title) select 'late ' || i from generate_series(1, 3000) i");
        post("early");
        assertThat(titles(client, 1)).containsExactly("early");
        transaction.commit();
        assertThat(titles(client, 3000))
                .isEqualTo(IntStream.rangeClosed(1, 3000)
                        .mapToObj(i -> "late " + i)
                        .toList());
    }

    @Test
    @Covers(Fault.COMMIT_LATE)
    void whatIsRolledBackDoesNotCome() throws Exception {
        FeedClient client = subscribers.follow("");
        inTransaction("insert into posts (title) values ('never')");
        post("between");
        assertThat(titles(client, 1)).containsExactly("between");
        transaction.rollback();
        api.post("/posts", json("title", "refused", "user_id", 999_999_999)).expect(422);
        post("after");
        post("last");
        assertThat(titles(client, 2)).containsExactly("after", "last");
        // Each is closed by a pass that finds its transaction gone, and missing from the position of the next event.
        while (client.lastEventId().contains("-")) {
            post("after that");
            assertThat(titles(client, 1)).containsExactly("after that");
        }
    }

    @Test
    @Covers(Fault.COMMIT_LATE)
    void whatASavepointTakesBackDoesNotComeAndTheRestDoes() throws Exception {
        FeedClient client = subscribers.follow("");
        inTransaction("savepoint s");
        inTransaction("insert into posts (title) values ('never')");
        inTransaction("rollback to savepoint s");
        post("between");
        assertThat(titles(client, 1)).containsExactly("between");
        // The ids below may yet be used: the lock on the table has gone with the savepoint, the sequence's has not.
        inTransaction("insert into posts (id, title) select currval('posts_id_seq'), 'the same id'");
        inTransaction("insert into posts (title) values ('kept')");
        transaction.commit();
        assertThat(titles(client, 2)).containsExactly("the same id", "kept");
    }

    @Test
    @Covers(Fault.COMMIT_LATE)
    void aPreparedTransactionKeepsItsHoles() throws Exception {
        FeedClient client = subscribers.follow("");
        inTransaction("insert into posts (title) values ('prepared')");
        inTransaction("prepare transaction 'feed'");
        transaction.commit();
        try {
            for (int i = 0; i < 3; i++) {
                post("between");
                assertThat(titles(client, 1)).containsExactly("between");
                assertThat(client.lastEventId()).matches("\\d+-\\d+");
            }
        } finally {
            sql.run("commit prepared 'feed'");
        }
        assertThat(titles(client, 1)).containsExactly("prepared");
    }

    @Test
    @Covers(Fault.COMMIT_LATE)
    void onlyNewPostsComeNotChangedOrDeletedOnes() throws Exception {
        FeedClient client = subscribers.follow("");
        String start = client.lastEventId();
        Answer post = api.post("/posts", json("title", "new"));
        assertThat(titles(client, 1)).containsExactly("new");
        api.put("/posts/" + post.id(), json("title", "changed")).expect(200);
        api.delete("/posts/" + post.id()).expect(204);
        inTransaction("with inserted as (insert into posts (title) values ('gone') returning id) select from inserted");
        inTransaction("delete from posts where title = 'gone'");
        transaction.commit();
        post("next");
        assertThat(titles(client, 1)).containsExactly("next");

        FeedClient later = subscribers.open("", start);
        assertThat(titles(later, 1)).as("what was deleted before it was read").containsExactly("next");
        caughtUp(later);
    }

    @Test
    void anIdThatWasNotDrawnComesWhenTheSequencePassesItAndIsInNobodysWay() throws IOException {
        FeedClient client = subscribers.follow("");
        long drawn = sql.number("select nextval('posts_id_seq')");
        sql.run("insert into posts (id, title) values (?, 'by hand')", drawn + 3);
        post("first");
        post("second");
        assertThat(ids(client, 2)).containsExactly(drawn + 1, drawn + 2);
        FeedClient meanwhile = subscribers.open("?last_event_id=" + drawn);
        assertThat(ids(meanwhile, 2)).containsExactly(drawn + 1, drawn + 2);
        caughtUp(meanwhile);
        sql.number("select nextval('posts_id_seq')");
        assertThat(titles(client, 1)).containsExactly("by hand");
        post("third");
        assertThat(ids(client, 1)).containsExactly(drawn + 4);
        assertThat(ids(meanwhile, 2)).containsExactly(drawn + 3, drawn + 4);
    }
}
