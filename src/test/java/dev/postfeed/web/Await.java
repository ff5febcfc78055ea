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
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).as("within %s", longest).isTrue();
    }
}
