package dev.postfeed.query;

import org.jspecify.annotations.Nullable;

/**
 * A condition of a filter that only PostgreSQL can decide as a list does, whatever its collation: of a text or a time.
 * Equal where the condition is the same; a condition and its {@code not.} share one.
 */
public final class Probe {

    private final Filter.Condition condition;

    /** Of a text that may have 16 KiB, and needed for each row and subscriber. */
    private final int hash;

    Probe(Filter.Condition condition) {
        this.condition = condition.withoutNot();
        this.hash = this.condition.hashCode();
    }

    /** Never negated. */
    Filter.Condition condition() {
        return condition;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || other instanceof Probe probe && hash == probe.hash && condition.equals(probe.condition);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return condition.canonical();
    }
}
