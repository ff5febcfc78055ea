package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.feed.Frontier.Look;
import dev.postfeed.feed.PostsModel.Transaction;
import dev.postfeed.query.IdRange;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** PostgreSQL flushes a sequence with the first commit after a draw: what was drawn and not committed may be drawn again. */
class FrontierCrashTests {

    private final PostsModel posts = new PostsModel();
    private final NodeModel node = new NodeModel(posts);

    @Test
    void readsIdsThatAreDrawnAgainAfterACrash() {
        posts.insert();
        Transaction lost = posts.begin();
        lost.draw();
        lost.draw();
        node.pass();
        posts.crash();
        Transaction again = posts.begin();
        again.draw();
        posts.insert();
        node.frontier().reconnected();
        node.pass();
        assertThat(node.ids()).containsExactly(1L, 3L);
        again.commit();
        node.pass();
        assertThat(node.ids()).containsExactly(1L, 3L, 2L);
    }

    /** They are dead for now, and there is no commit that has made them durable. */
    @Test
    void noPositionIsBeyondTheLastRow() {
        posts.insert();
        Transaction lost = posts.begin();
        lost.draw();
        lost.draw();
        lost.rollBack();
        node.pass();
        assertThat(node.frontier().position()).hasToString("1");
        node.look();
        node.skip();
        assertThat(node.frontier().position()).hasToString("1");
        posts.crash();
        posts.insert();
        node.frontier().reconnected();
        node.pass();
        assertThat(node.ids()).containsExactly(2L);
    }

    @Test
    void knowsThatTheIdsHaveGoneBack() {
        posts.insert();
        posts.insert();
        node.pass();
        Frontier frontier = node.frontier();
        assertThat(frontier.isAheadOf(new Look(2, Set.of()))).isFalse();
        assertThat(frontier.isAheadOf(new Look(1, Set.of()))).isTrue();
        frontier.reset();
        assertThat(frontier.isAheadOf(new Look(0, Set.of()))).isFalse();
        assertThat(frontier.position()).isEqualTo(FeedPosition.EARLIEST);
        assertThat(frontier.begin(new Look(1, Set.of()), 10)).containsExactly(new IdRange(1, 1));
    }
}
