package dev.postfeed.replica;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What is counted of reads that may be the replica's. */
final class ReplicaMetrics {

    /** Why a read was the primary's. */
    enum Reason {
        /** The replica had not replayed what it should have. */
        BEHIND,
        /** It does not answer. */
        DOWN,
        /** It failed in the midst of the read. */
        FAILED,
        /** The client, or what it asks for, wants all that is acknowledged. */
        ASKED
    }

    private final Counter fromReplica;
    private final Counter[] fromPrimary = new Counter[Reason.values().length];

    ReplicaMetrics(MeterRegistry registry, ReplicaWatch watch) {
        fromReplica = Counter.builder("postfeed.replica.reads")
                .description("Reads that went to the replica: requests, chunks of streams and of replays")
                .register(registry);
        for (Reason reason : Reason.values()) {
            fromPrimary[reason.ordinal()] = Counter.builder("postfeed.replica.fallbacks")
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .description("Reads that might have been the replica's and went to the primary")
                    .register(registry);
        }
        TimeGauge.builder("postfeed.replica.lag", watch, TimeUnit.NANOSECONDS, known -> {
                    long age = known.age();
                    return age < 0 ? Double.NaN : age;
                })
                .description("What was acknowledged longer ago than this the replica has")
                .register(registry);
    }

    void replica() {
        fromReplica.increment();
    }

    void primary(Reason reason) {
        fromPrimary[reason.ordinal()].increment();
    }
}
