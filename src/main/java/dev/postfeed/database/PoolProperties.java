package dev.postfeed.database;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * The pool, in the terms of SQLAlchemy's Engine. A duration without a unit is in seconds; blank is the default (which is
 * why these are objects: a blank is no int).
 *
 * @param size connections kept once opened, 1 to 1000, default 10 ({@code pool_size})
 * @param maxOverflow how many more when all of those are busy, 0 to 1000, default 20; closed again when idle
 *     ({@code max_overflow})
 * @param timeout the longest wait for a connection, the whole wait, more than 0, default 30 s ({@code pool_timeout})
 * @param recycle a connection older than this is replaced when nobody uses it, at a random age from 80 % of this on;
 *     more than 0, or -1 for never; default 1 h ({@code pool_recycle})
 * @param prePing whether a connection is tested before it is lent, default true ({@code pool_pre_ping})
 * @param maxWaiting requests that may wait for a connection, 0 (nobody waits) to 1,000,000, default 1000; one more fails
 *     at once
 */
@ConfigurationProperties("postfeed.pool")
record PoolProperties(
        @DefaultValue("10") Integer size,
        @DefaultValue("20") Integer maxOverflow,

        @DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS)
        Duration timeout,

        @DefaultValue("3600s") @DurationUnit(ChronoUnit.SECONDS)
        Duration recycle,

        @DefaultValue("true") Boolean prePing,
        @DefaultValue("1000") Integer maxWaiting) {

    static final Duration NEVER = Duration.ofSeconds(-1);

    PoolProperties {
        range("POSTFEED_POOL_SIZE", size, 1, 1000);
        range("POSTFEED_POOL_MAX_OVERFLOW", maxOverflow, 0, 1000);
        range("POSTFEED_POOL_MAX_WAITING", maxWaiting, 0, 1_000_000);
        if (timeout.isZero() || timeout.isNegative()) {
            throw new InvalidSettingException("POSTFEED_POOL_TIMEOUT", show(timeout), "must be more than 0 seconds");
        }
        if (!recycle.equals(NEVER) && (recycle.isZero() || recycle.isNegative())) {
            throw new InvalidSettingException(
                    "POSTFEED_POOL_RECYCLE", show(recycle), "must be more than 0 seconds, or -1 for never");
        }
    }

    /** Never more connections than this. */
    int maxSize() {
        return size + maxOverflow;
    }

    private static void range(String setting, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidSettingException(
                    setting, Integer.toString(value), "must be a whole number from " + least + " to " + most);
        }
    }

    private static String show(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
