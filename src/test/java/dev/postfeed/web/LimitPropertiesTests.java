package dev.postfeed.web;

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

class LimitPropertiesTests {

    @Test
    void hasDefaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new LimitProperties(
                        16_384, 1024, 1000, List.of("127.0.0.0/8", "::1"), 1000, 256, Duration.ofSeconds(60)));
    }

    @ParameterizedTest
    @CsvSource({
        "connections, 1",
        "connections, 1000000",
        "connections-per-address, 0",
        "writes-per-address, 0",
        "writes-per-address, 1000000",
        "streams, 1",
        "streams-per-address, 0",
        "body-timeout, 1",
        "body-timeout, 1h"
    })
    void takesWhatIsJustInBounds(String name, String value) {
        assertThat(bind(Map.of("postfeed.limits." + name, value))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "connections, 0, an integer from 1 to 1000000",
        "connections, 1000001, an integer from 1 to 1000000",
        "connections-per-address, -1, an integer from 0 to 1000000",
        "writes-per-address, -1, an integer from 0 to 1000000",
        "writes-per-address, 1000001, an integer from 0 to 1000000",
        "streams, 0, an integer from 1 to 1000000",
        "streams-per-address, -1, an integer from 0 to 1000000",
        "body-timeout, 999ms, 1s to 1h",
        "body-timeout, 3601, 1s to 1h"
    })
    void namesThePropertyThatIsOutOfBounds(String name, String value, String allowed) {
        assertThatThrownBy(() -> bind(Map.of("postfeed.limits." + name, value)))
                .rootCause()
                .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, e -> {
                    assertThat(e.getName()).isEqualTo("postfeed.limits." + name);
                    assertThat(e.getReason()).isEqualTo("must be " + allowed);
                });
    }

    private static LimitProperties bind(Map<String, String> properties) {
        Binder binder = new Binder(
                List.of(new MapConfigurationPropertySource(properties)),
                null,
                ApplicationConversionService.getSharedInstance());
        return binder.bindOrCreate("postfeed.limits", LimitProperties.class);
    }
}
