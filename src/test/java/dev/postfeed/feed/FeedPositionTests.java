package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.query.IdRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedPositionTests {

    @Test
    void isWrittenAsTheReadmeSays() {
        assertThat(FeedPosition.EARLIEST).hasToString("0");
        assertThat(new FeedPosition(42, IdRanges.NONE)).hasToString("42");
        assertThat(new FeedPosition(1057, IdRanges.of(1045, 1047).plus(1043, 1043)))
                .hasToString("1057-1043.1045_1047");
    }

    @Test
    void isReadAsItWasWritten() {
        Random random = new Random(11);
        for (int i = 0; i < 5000; i++) {
            FeedPosition position = random(random, random.nextInt(FeedPosition.MOST_RANGES + 1));
            assertThat(FeedPosition.parse(position.toString())).isEqualTo(position);
        }
        assertThat(FeedPosition.parse(Long.MAX_VALUE + "-1_" + (Long.MAX_VALUE - 1)))
                .isEqualTo(new FeedPosition(Long.MAX_VALUE, IdRanges.of(1, Long.MAX_VALUE - 1)));
    }

    @Test
    void fitsAHeaderHoweverGreatTheIds() {
        IdRanges open = IdRanges.NONE;
        for (long first = Long.MAX_VALUE - 100_000; first < Long.MAX_VALUE - 10; first += 7) {
            open = open.plus(first, first + 2);
        }
        String text = new FeedPosition(Long.MAX_VALUE, open).toString();
        assertThat(text).hasSizeLessThanOrEqualTo(19 + FeedPosition.MOST_RANGES * 40);
        assertThat(FeedPosition.parse(text)).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void isNothingThatItDidNotWrite(String text) {
        assertThat(FeedPosition.parse(text)).isNull();
    }

    static Stream<String> malformed() {
        Stream<String> listed = Stream.of(
                // No number, or not as it is written.
                "",
                " ",
                "x",
                "-",
                ".",
                "_",
                "-1",
                "+5",
                " 5",
                "5 ",
                "5\n",
                "5\r\nid: 6",
                "5\u0000",
                "1e3",
                "0x5",
                "5,6",
                "٤٢",
                "４２",
                "9-٤",
                // Out of range.
                "9223372036854775808",
                "10000000000000000000",
                "00000000000000000005",
                "9223372036854775807-9223372036854775808",
                "99-1_9223372036854775808",
                // Delimiters.
                "9-",
                "9-.",
                "9--5",
                "9-5-6",
                "9-5.",
                "9-.5",
                "9-5..7",
                "9-_5",
                "9-5_",
                "9-5_6_7",
                "9_5",
                "9.5",
                "9- 5",
                "9-5,7",
                // Holes that are none, not in order, to be written shorter, or not below the highest id.
                "9-0",
                "9-0_3",
                "9-5_5",
                "9-7_6",
                "9-5.4",
                "9-5.5",
                "9-5.6",
                "9-3_5.6_7",
                "9-3_5.5_7",
                "9-9",
                "9-10",
                "9-8_9",
                "9-3.9",
                "0-1",
                "0-0");
        return Stream.concat(
                listed,
                Stream.of(holes(33), "9".repeat(2048), "9-" + "1.3.".repeat(512), "9-" + "0".repeat(1290) + "1"));
    }

    /** The text of a position with so many holes. */
    private static String holes(int ranges) {
        return IntStream.rangeClosed(1, ranges)
                .mapToObj(hole -> Integer.toString(hole * 2))
                .collect(Collectors.joining(".", "1000-", ""));
    }

    @Test
    void hasAsManyHolesAsAreWritten() {
        assertThat(FeedPosition.parse(holes(32))).hasToString(holes(32));
    }

    @Test
    void knowsWhatWasSeen() {
        FeedPosition position = new FeedPosition(9, IdRanges.of(3, 4).plus(7, 7));
        assertThat(IntStream.rangeClosed(1, 12).filter(position::has)).containsExactly(1, 2, 5, 6, 8, 9);
    }

    /** So that what comes next above the highest id needs no hole in the text. */
    @Test
    void endsBelowAHoleThatNothingIsKnownBehind() {
        IdRanges open = IdRanges.of(3, 4).plus(7, 9);
        assertThat(FeedPosition.of(9, open)).isEqualTo(new FeedPosition(6, IdRanges.of(3, 4)));
        assertThat(FeedPosition.of(10, open)).isEqualTo(new FeedPosition(10, open));
        assertThat(FeedPosition.of(9, IdRanges.of(1, 9))).isEqualTo(FeedPosition.EARLIEST);
        assertThat(FeedPosition.of(9, IdRanges.NONE)).isEqualTo(new FeedPosition(9, IdRanges.NONE));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16, 32})
    void isCoarserByTheNarrowestGaps(int ranges) {
        Random random = new Random(ranges);
        for (int i = 0; i < 500; i++) {
            FeedPosition exact = random(random, ranges + random.nextInt(60));
            FeedPosition coarse = exact.coarse(ranges);
            assertThat(coarse.highest()).isEqualTo(exact.highest());
            assertThat(exact.open().minus(coarse.open()))
                    .as("holes that it lost")
                    .isEqualTo(IdRanges.NONE);
            assertThat(coarse.open().size())
                    .isEqualTo(Math.min(ranges, exact.open().size()));
            // Of equally wide gaps it is no matter which are kept.
            List<Long> widths = gaps(exact.open());
            widths.sort(Comparator.reverseOrder());
            assertThat(gaps(coarse.open()))
                    .containsExactlyInAnyOrderElementsOf(
                            widths.subList(0, coarse.open().size() - 1));
        }
    }

    /** How many ids are between the ranges. */
    private static List<Long> gaps(IdRanges open) {
        List<Long> widths = new ArrayList<>();
        IdRange before = null;
        for (IdRange range : open) {
            if (before != null) {
                widths.add(range.first() - before.last() - 1);
            }
            before = range;
        }
        return widths;
    }

    @Test
    void isAsExactAsItCanBe() {
        FeedPosition exact = new FeedPosition(50, IdRanges.of(3, 4).plus(7, 7).plus(20, 22));
        assertThat(exact.coarse(3)).isEqualTo(exact);
        assertThat(exact.coarse(2)).hasToString("50-3_7.20_22");
        assertThat(exact.coarse(1)).hasToString("50-3_22");
    }

    /** Of a client and a node that each lack something of the other. */
    @Test
    void hasWhatEitherHas() {
        assertThat(with("30-8.15.25", "20-8.12")).isEqualTo("30-8.25");
        assertThat(with("20-8.12", "30-8.15.25")).isEqualTo("30-8.25");
        assertThat(with("0", "20-8")).isEqualTo("20-8");
        assertThat(with("20-8", "0")).isEqualTo("20-8");
        assertThat(with("20-15_19", "15-9")).isEqualTo("20-16_19");
        Random random = new Random(13);
        for (int i = 0; i < 500; i++) {
            FeedPosition one = random(random, random.nextInt(10));
            FeedPosition other = random(random, random.nextInt(10));
            FeedPosition both = one.with(other);
            for (long id = 1; id < 200; id++) {
                assertThat(both.has(id)).isEqualTo(one.has(id) || other.has(id));
            }
        }
    }

    private static String with(String one, String other) {
        return Objects.requireNonNull(FeedPosition.parse(one))
                .with(Objects.requireNonNull(FeedPosition.parse(other)))
                .toString();
    }

    @Test
    void isWrittenCoarserWhereItWouldBeTooLong() {
        Random random = new Random(12);
        for (int i = 0; i < 500; i++) {
            FeedPosition exact = random(random, 33 + random.nextInt(200));
            assertThat(FeedPosition.parse(exact.toString())).isEqualTo(exact.coarse(32));
        }
    }

    private static FeedPosition random(Random random, int ranges) {
        IdRanges open = IdRanges.NONE;
        long id = 1 + random.nextInt(5);
        for (int i = 0; i < ranges; i++) {
            long last = id + random.nextInt(3);
            open = open.plus(id, last);
            id = last + 2 + (random.nextInt(5) == 0 ? random.nextInt(1_000_000_000) : random.nextInt(4));
        }
        return new FeedPosition(id - 1 + random.nextInt(10), open);
    }
}
