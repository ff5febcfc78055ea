package dev.postfeed.database;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Closes a connection on which the server has owed an answer for longer than it takes for anything, so that whoever waits for
 * it fails, as where the server closes it. A network that loses the connection, or a server that hangs, tells nobody:
 * TCP gives up after a quarter of an hour, and where all that was sent has arrived after two hours. All are looked at once
 * a second, since a timer for each statement costs more than the statement's other parts here.
 */
final class SilenceWatch implements Disposable {

    /** Longer than the server lets a statement run. */
    static final Duration LONGEST = Duration.ofSeconds(32);

    private static final Duration LONGEST_CANCEL = Duration.ofSeconds(1);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    private final Set<Exchange> underWay = ConcurrentHashMap.newKeySet();
    private final Disposable looks = Schedulers.parallel().schedulePeriodically(this::look, 1, 1, TimeUnit.SECONDS);

    /** What the server has been asked, and since when; each is itself only. */
    private static final class Exchange {

        private final PostgresqlConnection server;
        private final long begun = System.nanoTime();

        /** Fails first: a commit that waits for a standby is answered as done when it is cancelled. */
        private final Sinks.Empty<Void> silent = Sinks.empty();

        Exchange(PostgresqlConnection server) {
            this.server = server;
        }
    }

    <T> Flux<T> during(PostgresqlConnection server, Publisher<? extends T> exchange) {
        return Flux.using(
                () -> begin(server),
                begun -> Flux.<T>from(exchange).takeUntilOther(begun.silent.asMono()),
                underWay::remove);
    }

    <T> Mono<T> during(PostgresqlConnection server, Mono<T> exchange) {
        return Mono.using(
                () -> begin(server), begun -> exchange.takeUntilOther(begun.silent.asMono()), underWay::remove);
    }

    private Exchange begin(PostgresqlConnection server) {
        Exchange exchange = new Exchange(server);
        underWay.add(exchange);
        return exchange;
    }

    private void look() {
        long now = System.nanoTime();
        for (Exchange exchange : underWay) {
            if (now - exchange.begun > LONGEST.toNanos() && underWay.remove(exchange)) {
                exchange.silent.tryEmitError(
                        new R2dbcNonTransientResourceException("no answer within " + LONGEST, "08006"));
                end(exchange.server).subscribe();
            }
        }
    }

    /** The statement as well, which a server that is reached through a pooler does not end by itself. */
    private static Mono<Void> end(PostgresqlConnection server) {
        return Mono.defer(server::cancelRequest)
                .timeout(LONGEST_CANCEL)
                .onErrorComplete()
                .then(Mono.defer(() -> server.close().timeout(LONGEST_CLOSE)))
                .onErrorComplete();
    }

    @Override
    public void dispose() {
        looks.dispose();
    }
}
