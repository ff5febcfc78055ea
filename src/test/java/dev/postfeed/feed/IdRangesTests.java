package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.query.IdRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdRangesTests {

    private static final int HIGHEST = 60;

    /** A set as ranges, and the same set in the plainest form there is. */
    private record Pair(IdRanges ranges, TreeSet<Long> ids) {

        static final Pair NONE = new Pair(IdRanges.NONE, new TreeSet<>());

        Pair plus(long first, long last) {
            TreeSet<Long> all = new TreeSet<>(ids);
            LongStream.rangeClosed(first, last).forEach(all::add);
            return new Pair(ranges.plus(first, last), all);
        }

        Pair minus(long first, long last) {
            TreeSet<Long> left = new TreeSet<>(ids);
            left.removeIf(id -> id >= first && id <= last);
            return new Pair(ranges.minus(first, last), left);
        }

        Pair plus(Pair other) {
            TreeSet<Long> all = new TreeSet<>(ids);
            all.addAll(other.ids);
            return new Pair(ranges.plus(other.ranges), all);
        }

        Pair minus(Pair other) {
            TreeSet<Long> left = new TreeSet<>(ids);
            left.removeAll(other.ids);
            return new Pair(ranges.minus(other.ranges), left);
        }

        Pair and(Pair other) {
            TreeSet<Long> both = new TreeSet<>(ids);
            both.retainAll(other.ids);
            return new Pair(ranges.and(other.ranges), both);
        }

        Pair upTo(long id) {
            return new Pair(ranges.upTo(id), new TreeSet<>(ids.headSet(id, true)));
        }

        Pair after(long id) {
            return new Pair(ranges.after(id), new TreeSet<>(ids.tailSet(id, false)));
        }

        void verify() {
            List<Long> found = new ArrayList<>();
            long before = -1;
            int count = 0;
            for (IdRange range : ranges) {
                assertThat(range.first())
                        .as("no two ranges of %s touch", ranges)
                        .isGreaterThan(before + 1);
                LongStream.rangeClosed(range.first(), range.last()).forEach(found::add);
                before = range.last();
                count++;
            }
            assertThat(found).containsExactlyElementsOf(ids);
            assertThat(ranges.size()).isEqualTo(count);
            assertThat(ranges.isEmpty()).isEqualTo(ids.isEmpty());
            assertThat(LongStream.rangeClosed(0, HIGHEST + 1)
                            .filter(ranges::contains)
                            .boxed())
                    .containsExactlyElementsOf(ids);
            IdRange last = ranges.last();
            assertThat(last == null ? null : last.last()).isEqualTo(ids.isEmpty() ? null : ids.last());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void isTheSetThatItsOperationsMake(long seed) {
        Random random = new Random(seed);
        List<Pair> pairs = new ArrayList<>(List.of(Pair.NONE));
        for (int i = 0; i < 800; i++) {
            Pair one = pairs.get(random.nextInt(pairs.size()));
            Pair other = pairs.get(random.nextInt(pairs.size()));
            long first = 1 + random.nextInt(HIGHEST);
            // Now and then no range at all.
            long last = Math.min(HIGHEST, first - 1 + random.nextInt(8));
            Pair next = switch (random.nextInt(9)) {
                case 0, 1, 2 -> one.plus(first, last);
                case 3, 4 -> one.minus(first, last);
                case 5 -> one.plus(other);
                case 6 -> one.minus(other);
                case 7 -> one.and(other);
                default -> random.nextBoolean() ? one.upTo(first) : one.after(first);
            };
            next.verify();
            // What it was made from is as it was.
            one.verify();
            if (pairs.size() < 30) {
                pairs.add(next);
            } else {
                pairs.set(random.nextInt(30), next);
            }
        }
    }

    @Test
    void theSameIdsAreEqualHoweverTheyCame() {
        IdRanges one = IdRanges.of(1, 9).minus(4, 5);
        IdRanges other =
                IdRanges.of(6, 7).plus(1, 2).plus(8, 9).plus(3, 3).plus(20, 30).minus(12, 40);
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other).isNotEqualTo(one.plus(4, 4));
    }

    @Test
    void hasTheHighestIdsThereAre() {
        long highest = Long.MAX_VALUE;
        IdRanges end = IdRanges.of(highest - 1, highest);
        assertThat(end.contains(highest)).isTrue();
        assertThat(end.contains(highest - 2)).isFalse();
        assertThat(end.plus(highest - 3, highest - 2)).isEqualTo(IdRanges.of(highest - 3, highest));
        assertThat(end.plus(highest, highest)).isEqualTo(end);
        assertThat(IdRanges.of(1, 5).plus(highest, highest).size()).isEqualTo(2);
        assertThat(end.minus(highest, highest)).isEqualTo(IdRanges.of(highest - 1, highest - 1));
        assertThat(end.minus(1, highest)).isEqualTo(IdRanges.NONE);
        assertThat(end.after(highest)).isEqualTo(IdRanges.NONE);
        assertThat(end.after(highest - 1)).isEqualTo(IdRanges.of(highest, highest));
        assertThat(end.upTo(highest)).isEqualTo(end);
        assertThat(end.upTo(highest - 1)).isEqualTo(IdRanges.of(highest - 1, highest - 1));
        assertThat(IdRanges.of(1, highest).and(end)).isEqualTo(end);
        assertThat(IdRanges.of(1, highest).minus(end)).isEqualTo(IdRanges.of(1, highest - 2));
    }

    @Test
    void idsCostNothing() {
        IdRanges all = IdRanges.of(1, Long.MAX_VALUE).minus(1L << 40, 1L << 41);
        assertThat(all.size()).isEqualTo(2);
        assertThat(all.minus(IdRanges.of(5, 1L << 62)).size()).isEqualTo(2);
    }
}
