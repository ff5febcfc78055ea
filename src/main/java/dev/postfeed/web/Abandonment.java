package dev.postfeed.web;

import io.r2dbc.spi.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** Of a statement all of whose clients have gone: PostgreSQL would go on with it, and the next would wait for that. */
final class Abandonment {

    private final AtomicInteger present;
    private final Mono<Void> cancellation;

    Abandonment(Connection connection, int present) {
        this.present = new AtomicInteger(present);
        // To the end of the statement, or the cancellation would hit the connection's next one.
        this.cancellation = StatementReader.cancel(connection).cache();
    }

    void oneLess() {
        if (present.decrementAndGet() == 0) {
            cancellation.subscribe();
        }
    }

    /** Completes when nothing of it is under way; who goes after that no longer cancels it. */
    Mono<Void> end() {
        return Mono.defer(
                () -> present.getAndUpdate(n -> n == 0 ? 0 : Integer.MAX_VALUE) == 0 ? cancellation : Mono.empty());
    }
}
