package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HoleAgesTests {

    private final HoleAges ages = new HoleAges();

    private long now = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();

    /** How old the lowest hole is in a pass some time after the last one. */
    private long age(long millis, long settled, @Nullable Long lowestHole) {
        now += Duration.ofMillis(millis).toNanos();
        return Duration.ofNanos(now - ages.since(settled, lowestHole, now)).toMillis();
    }

    @Test
    void isNoneWhereThereIsNoHole() {
        assertThat(age(0, 0, null)).isZero();
        assertThat(age(5000, 1000, null)).isZero();
    }

    @Test
    void growsWhileTheHoleIsOpen() {
        assertThat(age(0, 10, 5L)).isZero();
        assertThat(age(50, 20, 5L)).isEqualTo(50);
        // Over the end of what System.nanoTime counts, too.
        assertThat(age(60_000, 3000, 5L)).isEqualTo(60_050);
    }

    @Test
    void beginsAnewAfterATimeWithoutHoles() {
        assertThat(age(0, 10, 5L)).isZero();
        assertThat(age(3000, 10, 5L)).isEqualTo(3000);
        assertThat(age(50, 20, null)).isZero();
        assertThat(age(50, 30, 25L)).isZero();
    }

    /** A younger one may be told up to a second younger or older than it is. */
    @Test
    void isOfTheNextHoleWhenTheLowestIsClosed() {
        assertThat(age(0, 10, 5L)).isZero();
        for (int pass = 1; pass <= 1000; pass++) {
            age(10, 10 + pass, 5L);
        }
        // The hole at 510 was seen in pass 500, five seconds ago.
        assertThat(age(0, 1010, 510L)).isBetween(4000L, 6000L);
        assertThat(age(0, 1010, 1005L)).isLessThanOrEqualTo(1000L);
    }

    /** A long transaction, and passes every few milliseconds. */
    @Test
    void tellsTheAgesOfAnHour() {
        for (int pass = 0; pass < 360_000; pass++) {
            age(10, 10 + pass, 5L);
        }
        assertThat(age(0, 360_010, 5L)).isEqualTo(3_599_990);
        assertThat(age(0, 360_010, 180_000L)).isBetween(1_780_000L, 1_820_000L);
    }
}
