package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what happens soon, but after the answer. */
public final class Await {

    private static final Duration LONGEST = Duration.ofSeconds(20);

    private Await() {}

    public static void until(BooleanSupplier condition) throws InterruptedException {
        until(LONGEST, condition);
    }

    public static void until(Duration longest, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        // Asked once each time: what was true may be over a moment later.
        boolean met = condition.getAsBoolean();
        while (!met && System.nanoTime() < end) {
            Thread.sleep(10);
            met = condition.getAsBoolean();
        }
        assertThat(met).as("within %s", longest).isTrue();
    }
}
