package dev.postfeed.database;

import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Open for as long as a connection is lent to one borrower. What goes through it starts before that ends, or never: the test
 * and the start are one step. So it is in the connection's queue, whole and before the rollback, or it is not sent; it cannot
 * come after that, nor into the transaction of the next borrower.
 */
final class LendingGate {

    /** Guarded by this. */
    private boolean shut;

    /** For good; false where it is shut. */
    synchronized boolean shut() {
        boolean wasOpen = !shut;
        shut = true;
        return wasOpen;
    }

    synchronized void check() {
        if (shut) {
            throw refusal();
        }
    }

    /** Starts an exchange with the server, which goes on to its end whoever is cancelled, its outcome dropped. */
    <T> Mono<T> pass(Mono<T> exchange) {
        return Mono.deferContextual(context -> {
            AtomicBoolean gone = new AtomicBoolean();
            return start(exchange, context)
                    .onErrorComplete(failure -> gone.get()) // Nobody is there to be told.
                    .doOnCancel(() -> gone.set(true));
        });
    }

    /** The sink is between the two, so that nobody's code but the driver's runs under the lock. */
    private <T> Mono<T> start(Mono<T> exchange, ContextView context) {
        Sinks.One<T> outcome = Sinks.one();
        synchronized (this) {
            if (shut) {
                outcome.tryEmitError(refusal());
            } else {
                exchange.subscribe(
                        outcome::tryEmitValue, outcome::tryEmitError, outcome::tryEmitEmpty, Context.of(context));
            }
        }
        return outcome.asMono();
    }

    private static IllegalStateException refusal() {
        return new IllegalStateException("the connection was given back");
    }
}
