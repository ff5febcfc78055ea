package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postfeed.query.InvalidParameterException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedStartTests {

    private static final FeedStart NOW = new FeedStart(null, 1, false);

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "now"})
    void isNowWhereNothingElseIsSaid(@Nullable String header) {
        assertThat(start(header, Map.of())).isEqualTo(NOW);
    }

    @Test
    void isAPosition() {
        assertThat(start("1057-1043.1045_1047", Map.of()).position()).hasToString("1057-1043.1045_1047");
        assertThat(start("earliest", Map.of())).isEqualTo(new FeedStart(FeedPosition.EARLIEST, 1, false));
        assertThat(start("0", Map.of())).isEqualTo(new FeedStart(FeedPosition.EARLIEST, 1, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"last_event_id", "lastEventId"})
    void aParameterDoesForThoseWhoCannotSetAHeader(String name) {
        assertThat(start(null, Map.of(name, "42")).position()).hasToString("42");
        assertThat(start(" ", Map.of(name, "42")).position()).hasToString("42");
        assertThat(start(null, Map.of(name, ""))).isEqualTo(NOW);
        assertThat(start(null, Map.of(name, "earliest")).position()).isEqualTo(FeedPosition.EARLIEST);
    }

    /** A browser that reconnects sends the header, to the address that it was given at first. */
    @Test
    void theHeaderComesFirst() {
        assertThat(start("42", Map.of("last_event_id", "7", "lastEventId", "8")).position())
                .hasToString("42");
        assertThat(start("now", Map.of("last_event_id", "7"))).isEqualTo(NOW);
        assertThat(start("x", Map.of("last_event_id", "7"))).isEqualTo(new FeedStart(null, 1, true));
        assertThat(start(null, Map.of("last_event_id", "7", "lastEventId", "8")).position())
                .hasToString("7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Now",
                "EARLIEST",
                "-1",
                "42 ",
                "42~",
                "42~1",
                "42~02",
                "42~2~3",
                "~2",
                "42~1000000000",
                "now~2",
                "5-5",
                "9223372036854775808",
                "🙂"
            })
    void saysWhatIsNoPosition(String text) {
        assertThat(start(text, Map.of())).isEqualTo(new FeedStart(null, 1, true));
        assertThat(start(null, Map.of("lastEventId", text))).isEqualTo(new FeedStart(null, 1, true));
    }

    /** What is left is read as a filter. */
    @Test
    void takesItsParametersAway() {
        Map<String, List<String>> parameters =
                parameters(Map.of("last_event_id", "7", "lastEventId", "8", "id", "gt.3"));
        FeedStart start = FeedStart.of("42", parameters);
        assertThat(start.wrong()).isFalse();
        assertThat(parameters).containsOnlyKeys("id");
    }

    @Test
    void isGivenOnce() {
        Map<String, List<String>> parameters = new HashMap<>(Map.of("lastEventId", List.of("7", "8")));
        assertThatThrownBy(() -> FeedStart.of(null, parameters))
                .isInstanceOfSatisfying(
                        InvalidParameterException.class,
                        e -> assertThat(e.parameter()).isEqualTo("lastEventId"));
    }

    private static FeedStart start(@Nullable String header, Map<String, String> parameters) {
        return FeedStart.of(header, parameters(parameters));
    }

    private static Map<String, List<String>> parameters(Map<String, String> given) {
        Map<String, List<String>> parameters = new HashMap<>();
        given.forEach((name, value) -> parameters.put(name, List.of(value)));
        return parameters;
    }
}
