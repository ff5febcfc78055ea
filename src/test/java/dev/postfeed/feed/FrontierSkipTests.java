package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.feed.PostsModel.Transaction;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** While nobody is there no rows are read: who comes then gets what comes then, whenever its id was drawn. */
class FrontierSkipTests {

    private final PostsModel posts = new PostsModel();
    private final NodeModel node = new NodeModel(posts);

    private void skip() {
        node.look();
        node.skip();
    }

    @Test
    void readsWhatIsCommittedLaterWhenItsIdWasDrawnBefore() {
        posts.insert();
        Transaction late = posts.begin();
        late.draw();
        posts.insert();
        skip();
        assertThat(node.frontier().position()).hasToString("3-2");
        late.commit();
        node.pass();
        assertThat(node.ids()).containsExactly(2L);
        assertThat(node.frontier().position()).hasToString("3");
    }

    /** Its rows were there for all who come from now on, who find them in the table. */
    @Test
    void closesAHoleWithoutReadingItOnceAllItsHoldersHaveEnded() {
        Transaction one = posts.begin();
        Transaction other = posts.begin();
        one.draw();
        other.lock();
        posts.insert();
        skip();
        one.commit();
        skip();
        assertThat(node.frontier().position()).hasToString("2-1");
        other.rollBack();
        Transaction third = posts.begin();
        third.draw();
        skip();
        assertThat(node.frontier().position()).hasToString("2");
        node.pass();
        assertThat(node.ids()).isEmpty();
    }

    /** One of two holders ends while nobody is there: whatever came of it is read by the next pass that reads. */
    @Test
    void remembersThatAHolderEndedMeanwhile() {
        Transaction one = posts.begin();
        Transaction other = posts.begin();
        one.draw();
        other.draw();
        posts.insert();
        skip();
        one.commit();
        skip();
        node.pass();
        assertThat(node.ids()).containsExactly(1L);
        other.commit();
        node.pass();
        assertThat(node.ids()).containsExactly(1L, 2L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10, 40})
    void readsAllThatComesAfterTheLastSkip(int mostOpen) {
        for (int run = 0; run < 100; run++) {
            Random random = new Random(1000L * mostOpen + run);
            PostsModel writers = new PostsModel();
            NodeModel reader = new NodeModel(writers);
            Set<Long> before = Set.of();
            for (int i = 0; i < 300; i++) {
                writers.step(random, mostOpen);
                if (!reader.isInPass() && random.nextBoolean()) {
                    reader.look();
                } else if (reader.isInPass() && random.nextInt(4) == 0) {
                    if (random.nextInt(3) == 0) {
                        reader.skip();
                        before = writers.visible();
                    } else {
                        reader.rows(1 + random.nextInt(10), 1 + random.nextInt(10), false);
                    }
                }
            }
            writers.endAll(random);
            if (reader.isInPass()) {
                reader.rows(1000, 1000, false);
            }
            assertThat(reader.pass()).isTrue();
            Set<Long> after = new TreeSet<>(writers.visible());
            after.removeAll(before);
            assertThat(reader.ids()).as("run %s", run).doesNotHaveDuplicates();
            assertThat(writers.visible()).as("run %s", run).containsAll(reader.ids());
            assertThat(new TreeSet<>(reader.ids())).as("run %s", run).containsAll(after);
            assertThat(writers.disorder(reader.ids())).isEmpty();
            assertThat(reader.frontier().position()).hasToString(Long.toString(writers.highest(writers.drawn())));
        }
    }
}
