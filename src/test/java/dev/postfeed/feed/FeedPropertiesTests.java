package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.util.unit.DataSize;

class FeedPropertiesTests {

    @Test
    void hasDefaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new FeedProperties(
                        true, Duration.ofMillis(50), Duration.ofSeconds(15), 16384, DataSize.ofMegabytes(16), 10_000));
    }

    @ParameterizedTest
    @CsvSource({
        "poll, 1ms",
        "poll, 60s",
        "poll, 60",
        "heartbeat, 1",
        "heartbeat, 1h",
        "ring-events, 16",
        "ring-events, 1048576",
        "ring-size, 64KB",
        "ring-size, 1GB",
        "max-subscribers, 1",
        "max-subscribers, 1000000"
    })
    void takesWhatIsJustInBounds(String name, String value) {
        assertThat(bind(Map.of("postfeed.feed." + name, value))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "poll, 0, 1ms to 60s",
        "poll, -50ms, 1ms to 60s",
        "poll, 999us, 1ms to 60s",
        "poll, 61, 1ms to 60s",
        "heartbeat, 999ms, 1s to 1h",
        "heartbeat, 3601, 1s to 1h",
        "ring-events, 15, an integer from 16 to 1048576",
        "ring-events, 1048577, an integer from 16 to 1048576",
        "ring-events, -16, an integer from 16 to 1048576",
        "ring-size, 65535B, 64KB to 1GB",
        "ring-size, 1025MB, 64KB to 1GB",
        "max-subscribers, 0, an integer from 1 to 1000000",
        "max-subscribers, 1000001, an integer from 1 to 1000000"
    })
    void namesThePropertyThatIsOutOfBounds(String name, String value, String allowed) {
        assertThatThrownBy(() -> bind(Map.of("postfeed.feed." + name, value)))
                .rootCause()
                .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, e -> {
                    assertThat(e.getName()).isEqualTo("postfeed.feed." + name);
                    assertThat(e.getReason()).isEqualTo("must be " + allowed);
                });
    }

    @ParameterizedTest
    @CsvSource({"16, 16", "17, 32", "1000, 1024", "16383, 16384", "16384, 16384", "16385, 32768", "1048576, 1048576"})
    void theRingHasAPowerOfTwo(String events, int capacity) {
        assertThat(bind(Map.of("postfeed.feed.ring-events", events)).ringCapacity())
                .isEqualTo(capacity);
    }

    private static FeedProperties bind(Map<String, String> properties) {
        Binder binder = new Binder(
                List.of(new MapConfigurationPropertySource(properties)),
                null,
                ApplicationConversionService.getSharedInstance());
        return binder.bindOrCreate("postfeed.feed", FeedProperties.class);
    }
}
