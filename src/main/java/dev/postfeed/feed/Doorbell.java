package dev.postfeed.feed;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Rung from any thread, any number of times; answered once. */
final class Doorbell {

    private final AtomicReference<Sinks.Empty<Void>> bell = new AtomicReference<>(Sinks.empty());

    void ring() {
        // A second ring before it is answered has nothing to add.
        Sinks.EmitResult ignored = Objects.requireNonNull(bell.get()).tryEmitEmpty();
    }

    /** From now on: what was rung for before is going to be seen to. */
    void answer() {
        bell.set(Sinks.empty());
    }

    /** Completes when it rings, or rang since the last answer; or after a time, at once where that is not positive. */
    Mono<Void> await(Duration longest) {
        return Mono.defer(() -> Objects.requireNonNull(bell.get()).asMono()).timeout(longest, Mono.empty());
    }
}
