package dev.postfeed.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalPositionTests {

    @ParameterizedTest
    @ValueSource(strings = {"1-1", "1-16b3748", "ffffffff-7fffffffffffffff", "a-fffffffffffffff"})
    void isReadAsItIsWritten(String text) {
        assertThat(WalPosition.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "1",
                "1-",
                "-1",
                "0-1",
                "1-0",
                "01-1",
                "1-01",
                "1-A",
                "1-8000000000000000",
                "1-11111111111111111",
                "111111111-1",
                " 1-1",
                "1-1\n"
            })
    void whatIsNoPositionIsNone(String text) {
        assertThat(WalPosition.parse(text)).isNull();
    }

    @Test
    void isReachedOnItsTimelineOnly() {
        WalPosition position = new WalPosition(2, 100);
        assertThat(position.isReachedBy(new WalPosition(2, 100))).isTrue();
        assertThat(position.isReachedBy(new WalPosition(2, 99))).isFalse();
        assertThat(position.isReachedBy(new WalPosition(1, 200))).isFalse();
        assertThat(position.isReachedBy(new WalPosition(3, 200))).isFalse();
    }

    @Test
    void aLaterTimelineIsNewer() {
        assertThat(new WalPosition(2, 1)).isGreaterThan(new WalPosition(1, 100));
        assertThat(new WalPosition(1, 2)).isGreaterThan(new WalPosition(1, 1));
    }
}
