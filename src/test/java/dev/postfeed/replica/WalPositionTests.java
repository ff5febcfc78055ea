package dev.postfeed.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalPositionTests {

    @ParameterizedTest
    @ValueSource(
            strings = {"1-1-1", "6af1c0-1-16b3748", "ffffffffffffffff-ffffffff-7fffffffffffffff", "a-a-fffffffffffffff"
            })
    void isReadAsItIsWritten(String text) {
        assertThat(WalPosition.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "1",
                "1-1",
                "1-1-",
                "-1-1",
                "0-1-1",
                "1-0-1",
                "1-1-0",
                "1-01-1",
                "01-1-1",
                "1-1-01",
                "1-1-A",
                "1-1-8000000000000000",
                "1-1-11111111111111111",
                "1-111111111-1",
                "11111111111111111-1-1",
                "1-1-1-1",
                " 1-1-1",
                "1-1-1\n"
            })
    void whatIsNoPositionIsNone(String text) {
        assertThat(WalPosition.parse(text)).isNull();
    }

    @Test
    void isReachedInOnePastOnly() {
        WalPosition position = new WalPosition(7, 2, 100);
        assertThat(position.isReachedBy(new WalPosition(7, 2, 100))).isTrue();
        assertThat(position.isReachedBy(new WalPosition(7, 2, 99))).isFalse();
        assertThat(position.isReachedBy(new WalPosition(7, 1, 200))).isFalse();
        assertThat(position.isReachedBy(new WalPosition(7, 3, 200))).isFalse();
        assertThat(position.isReachedBy(new WalPosition(8, 2, 200))).isFalse();
    }

    @Test
    void aLaterTimelineIsNewer() {
        assertThat(new WalPosition(7, 2, 1)).isGreaterThan(new WalPosition(7, 1, 100));
        assertThat(new WalPosition(7, 1, 2)).isGreaterThan(new WalPosition(7, 1, 1));
    }
}
