package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.query.IdRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReplayTests {

    @Test
    void readsWhatLiesBetween() {
        Replay replay = replay("10-3.5_6", "20-5.12_13");
        assertThat(replay.isDone()).isFalse();
        assertThat(read(replay)).containsExactly(range(3, 3), range(6, 6), range(11, 11), range(14, 20));
    }

    @Test
    void whatIsOpenAtTheNodeComesByTheLog() {
        Replay replay = replay("10-3.5_6", "20-5.12_13");
        assertThat(replay.upTo(20)).hasToString("20-5.12_13");
        assertThat(replay.isDone()).isTrue();
    }

    @Test
    void aClientThatHasItAllReadsNothing() {
        Replay replay = replay("20-5", "20-5");
        assertThat(replay.isDone()).isTrue();
        assertThat(read(replay)).isEmpty();
        assertThat(replay.position()).hasToString("20-5");
    }

    @Test
    void whoComesFirstReadsAllThatIsSettled() {
        assertThat(read(replay("0", "20-5"))).containsExactly(range(1, 4), range(6, 20));
        assertThat(replay("0", "0").isDone()).isTrue();
    }

    /** Each position on the way is that of one who goes away there. */
    @Test
    void isAtAPositionOfItsOwnOnTheWay() {
        Replay replay = replay("10-3.5_6", "20-5.12_13");
        assertThat(replay.position()).hasToString("10-3.5_6");
        assertThat(replay.upTo(3)).hasToString("10-5_6");
        assertThat(replay.upTo(6)).hasToString("10-5");
        assertThat(replay.upTo(11)).hasToString("11-5");
        assertThat(replay.upTo(14)).hasToString("14-5.12_13");
        assertThat(replay.upTo(17)).hasToString("17-5.12_13");
        assertThat(read(replay)).containsExactly(range(18, 20));
    }

    /** The client's holes above are left as they are; those below have been closed here. */
    @Test
    void aClientThatIsAheadKeepsWhatItHas() {
        Replay replay = replay("30-8.15.25", "20-8.12");
        assertThat(read(replay)).containsExactly(range(15, 15));
        assertThat(replay.upTo(20)).hasToString("30-8.25");
    }

    @Test
    void isReadInChunks() {
        Replay replay = replay("0", "1000-2.4.6");
        assertThat(replay.next(2, 100)).containsExactly(range(1, 1), range(3, 3));
        assertThat(replay.next(10, 5)).containsExactly(range(1, 1), range(3, 3), range(5, 5), range(7, 8));
        List<IdRange> read = new ArrayList<>();
        for (int i = 0; i < 11 && !replay.isDone(); i++) {
            List<IdRange> chunk = replay.next(10, 100);
            read.addAll(chunk);
            replay.upTo(chunk.get(chunk.size() - 1).last());
        }
        assertThat(replay.isDone()).isTrue();
        assertThat(read).hasSize(13);
        assertThat(replay.position()).hasToString("1000-2.4.6");
    }

    @Test
    void readsToTheLastIdThereIs() {
        long highest = Long.MAX_VALUE;
        assertThat(read(replay("5", Long.toString(highest)))).containsExactly(range(6, highest));
        assertThat(read(replay(highest + "-7", "20"))).containsExactly(range(7, 7));
        assertThat(replay(highest + "-7", highest + "-7").isDone()).isTrue();
    }

    private static Replay replay(String client, String node) {
        return new Replay(position(client), position(node));
    }

    private static FeedPosition position(String text) {
        return Objects.requireNonNull(FeedPosition.parse(text));
    }

    private static List<IdRange> read(Replay replay) {
        return replay.next(1000, Long.MAX_VALUE);
    }

    private static IdRange range(long first, long last) {
        return new IdRange(first, last);
    }
}
