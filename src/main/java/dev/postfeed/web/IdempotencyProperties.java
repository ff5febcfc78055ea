package dev.postfeed.web;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationUnit;

/**
 * How long an answer is kept for retries.
 *
 * @param expiry from the first request with a key; a number without a unit is in seconds; more than 0, default 24 h. An
 *     older key is as one that never came
 */
@ConfigurationProperties("postfeed.idempotency")
record IdempotencyProperties(
        @DefaultValue("24h") @DurationUnit(ChronoUnit.SECONDS)
        Duration expiry) {

    IdempotencyProperties {
        if (expiry.isZero() || expiry.isNegative()) {
            throw new InvalidConfigurationPropertyValueException(
                    "postfeed.idempotency.expiry", expiry.toSeconds() + "s", "must be more than 0 seconds");
        }
    }
}
