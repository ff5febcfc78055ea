package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionWriterTests {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void writesNoHoleAway(long seed) {
        Random random = new Random(seed);
        PositionWriter writer = new PositionWriter(1);
        int coarse = 0;
        IdRanges open = IdRanges.NONE;
        long highest = 0;
        for (int i = 0; i < 3000; i++) {
            if (random.nextInt(500) == 0) {
                open = open.after(highest - random.nextInt(100));
                highest += random.nextInt(3);
            }
            // Some holes are filled, from within or whole, and some come.
            long filled = 1 + (long) (random.nextDouble() * highest);
            open = open.minus(filled, filled + random.nextInt(6));
            long gap = random.nextInt(4) == 0 ? random.nextInt(3) : 0;
            open = open.plus(highest + 1, highest + gap);
            highest += gap + 1;
            if (random.nextInt(200) == 0) {
                writer.refresh();
            }
            FeedPosition exact = new FeedPosition(highest, open);
            FeedPosition written = Objects.requireNonNull(FeedPosition.parse(writer.write(exact)));
            assertThat(written.highest()).isEqualTo(highest);
            assertThat(open.minus(written.open())).as("holes lost of %s", exact).isEqualTo(IdRanges.NONE);
            if (open.size() <= FeedPosition.MOST_RANGES) {
                assertThat(written).isEqualTo(exact);
            } else {
                coarse++;
            }
        }
        assertThat(coarse).as("both were tried").isBetween(300, 2700);
    }

    /**
     * Each event fills the lowest hole and leaves a new one. The lowest hole in the text is an old one until holes are
     * merged anew, so that the texts tell how often that was.
     */
    @Test
    void mergesThousandsOfHolesOnlyNowAndThen() {
        IdRanges open = IdRanges.NONE;
        for (long id = 1; id < 200_000; id += 2) {
            open = open.plus(id, id);
        }
        PositionWriter writer = new PositionWriter(1);
        long highest = 200_000;
        int merges = 0;
        long lowest = 0;
        for (int i = 0; i < 2000; i++) {
            open = open.minus(1 + 2L * i, 1 + 2L * i).plus(highest + 1, highest + 1);
            highest += 2;
            FeedPosition written =
                    Objects.requireNonNull(FeedPosition.parse(writer.write(new FeedPosition(highest, open))));
            long first = written.open().iterator().next().first();
            merges += first == lowest ? 0 : 1;
            lowest = first;
        }
        assertThat(merges).isBetween(2, 2000 / 16 + 1);
    }

    /** Who comes back after a while is not given again what lay between holes that are long closed. */
    @Test
    void forgetsWhatItMergedWhenItIsRefreshed() {
        IdRanges open = IdRanges.NONE;
        for (long id = 1; id < 200; id += 2) {
            open = open.plus(id, id);
        }
        PositionWriter writer = new PositionWriter(1);
        assertThat(writer.write(new FeedPosition(200, open))).startsWith("200-1");
        FeedPosition later = new FeedPosition(300, open.minus(1, 99));
        assertThat(writer.write(later)).startsWith("300-1");
        writer.refresh();
        assertThat(writer.write(later)).startsWith("300-101");
    }
}
