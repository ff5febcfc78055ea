package dev.postfeed.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicaPropertiesTests {

    @ParameterizedTest
    @CsvSource({"PT0S, PT1S", "PT10S, PT1H"})
    void takesWhatIsWithinBounds(Duration maxWait, Duration maxLag) {
        ReplicaProperties properties = new ReplicaProperties(null, maxWait, maxLag);
        assertThat(properties.maxWait()).isEqualTo(maxWait);
        assertThat(properties.maxLag()).isEqualTo(maxLag);
    }

    @ParameterizedTest
    @CsvSource({
        "PT-0.001S, PT10S, max-wait",
        "PT10.001S, PT10S, max-wait",
        "PT0.2S, PT0.999S, max-lag",
        "PT0.2S, PT1H0.001S, max-lag"
    })
    void refusesWhatIsNot(Duration maxWait, Duration maxLag, String setting) {
        assertThatThrownBy(() -> new ReplicaProperties(null, maxWait, maxLag))
                .hasMessageContaining("postfeed.replica." + setting);
    }

    @Test
    void doesNotTellItsPassword() {
        assertThat(new ReplicaProperties("postgresql://u:canary@h/db", Duration.ZERO, Duration.ofSeconds(1)))
                .asString()
                .doesNotContain("canary");
    }
}
