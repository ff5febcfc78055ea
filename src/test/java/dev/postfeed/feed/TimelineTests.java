package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimelineTests {

    private static final Timeline THIRD = new Timeline(3, Map.of(1, 100L, 2, 250L));

    @ParameterizedTest
    @CsvSource({
        "42, 1, 42",
        "100-7.12_15, 1, 100-7.12_15",
        "101-7.12_15, 1, 100-7.12_15",
        "400-7.99_102.300, 1, 98-7",
        "400-90_350, 1, 89",
        "400-90_350, 2, 89",
        "400-240.300_310, 2, 250-240",
        "240, 2, 240",
        // One of which this timeline has nothing.
        "42, 7, 0"
    })
    void goesOnWhereBothPastsAreTheSame(String position, int earlier, String expected) {
        assertThat(THIRD.resume(FeedPosition.parse(position), earlier)).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, 57-43", "2, 57-43~2", "17, 57-43~17"})
    void isWrittenFromTheFirstFailoverOn(int timeline, String expected) {
        assertThat(FeedPosition.parse("57-43").on(timeline)).isEqualTo(expected);
        FeedStart start = FeedStart.of(expected, new HashMap<>());
        assertThat(start.position()).hasToString("57-43");
        assertThat(start.timeline()).isEqualTo(timeline);
        assertThat(new PositionWriter(timeline).write(FeedPosition.parse("57-43")))
                .isEqualTo(expected);
    }
}
