package dev.postfeed.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of those who wait to go together: the pool sees one of them for all. */
final class CoalescerMetrics {

    private final LongAdder waiting = new LongAdder();
    private final Counter timeouts;
    private final Counter refusals;

    CoalescerMetrics(MeterRegistry registry) {
        Gauge.builder("postfeed.coalescer.waiting", waiting, LongAdder::sum)
                .description("Requests that wait to go together in a statement")
                .register(registry);
        timeouts = refused(registry, "timeout");
        refusals = refused(registry, "full");
    }

    private static Counter refused(MeterRegistry registry, String reason) {
        return Counter.builder("postfeed.coalescer.refusals")
                .tag("reason", reason)
                .description(
                        "Requests that found no place in a statement within POSTFEED_POOL_TIMEOUT (timeout), or too many"
                                + " waiting already (full)")
                .register(registry);
    }

    void came() {
        waiting.increment();
    }

    void left() {
        waiting.decrement();
    }

    void timedOut() {
        timeouts.increment();
    }

    void refused() {
        refusals.increment();
    }
}
