package dev.postfeed.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplesTests {

    private final Samples samples = new Samples();

    private static WalPosition at(long lsn) {
        return new WalPosition(7, 1, lsn);
    }

    private void add(long time, long acknowledged, long visible, String bookmark) {
        samples.add(time, new WalEnds(at(acknowledged), at(visible)), bookmark);
    }

    @Test
    void nothingIsKnownAtFirst() {
        samples.reach(at(1000));
        assertThat(samples.age(5)).isNegative();
        assertThat(samples.behind(5)).isZero();
        assertThat(samples.bookmark()).isNull();
    }

    @Test
    void theAgeIsThatOfTheNewestPlaceThatWasReached() {
        add(10, 100, 100, "a");
        add(20, 200, 200, "b");
        add(30, 300, 300, "c");
        samples.reach(at(250));
        assertThat(samples.age(50)).isEqualTo(30);
        assertThat(samples.behind(50)).isEqualTo(20);
        assertThat(samples.bookmark()).isEqualTo("b");
        samples.reach(at(300));
        assertThat(samples.age(50)).isEqualTo(20);
        assertThat(samples.behind(50)).isZero();
        assertThat(samples.bookmark()).isEqualTo("c");
    }

    /** Who does not wait for the disk may show the feed what is not on it yet. */
    @Test
    void aBookmarkWaitsForAllThatCouldBeSeen() {
        add(10, 100, 150, "a");
        samples.reach(at(120));
        assertThat(samples.age(10)).isZero();
        assertThat(samples.bookmark()).isNull();
        samples.reach(at(150));
        assertThat(samples.bookmark()).isEqualTo("a");
    }

    @Test
    void anotherTimelineReachesNothing() {
        add(10, 100, 100, "a");
        samples.reach(new WalPosition(7, 2, 1000));
        assertThat(samples.age(10)).isNegative();
        assertThat(samples.behind(15)).isEqualTo(5);
        assertThat(samples.bookmark()).isNull();
    }

    /** The end of a past is lost with the primary: nobody reaches what was sampled there. */
    @Test
    void whatNobodyReachesAnyMoreIsNotWaitedFor() {
        add(10, 100, 100, "a");
        samples.reach(at(90));
        WalPosition there = new WalPosition(7, 2, 95);
        samples.add(20, new WalEnds(there, there), "b");
        samples.reach(there);
        assertThat(samples.age(25)).isEqualTo(5);
        assertThat(samples.behind(25)).isZero();
        assertThat(samples.bookmark()).isEqualTo("b");
    }

    @Test
    void aReplicaThatIsFarBehindCostsNoMemoryAndCatchesUp() {
        for (int i = 1; i <= 10_000; i++) {
            add(i, i, i, "b" + i);
        }
        samples.reach(at(1));
        assertThat(samples.age(10_000)).isEqualTo(9_999);
        samples.reach(at(63));
        assertThat(samples.bookmark()).isEqualTo("b63");
        samples.reach(at(10_000));
        assertThat(samples.age(10_000)).isZero();
        assertThat(samples.bookmark()).isEqualTo("b10000");
    }

    @Test
    void whatIsForgottenIsNotKnown() {
        add(10, 100, 100, "a");
        samples.reach(at(100));
        samples.clear();
        assertThat(samples.age(10)).isNegative();
        assertThat(samples.bookmark()).isNull();
    }
}
