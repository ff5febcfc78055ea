package dev.postfeed.database;

import io.r2dbc.spi.Connection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Asks the writable host once a second, on a connection of its own, whether it still is. Who only reads would never notice
 * that it has become read-only, and where all connections wait for a server that is cut off, nobody opens another.
 */
final class HostWatch implements Disposable {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final WritableConnections connections;
    private final Disposable looks;
    private volatile @Nullable Connection kept;

    HostWatch(WritableConnections connections) {
        this.connections = connections;
        this.looks = Flux.interval(INTERVAL)
                .onBackpressureDrop()
                .concatMap(tick -> look().onErrorComplete(), 0)
                .subscribe();
    }

    private Mono<Void> look() {
        Connection asked = kept;
        if (asked == null) {
            return open();
        }
        // Any of the hosts: they differ in how they are reached.
        return connections.hosts().get(0).check(asked).onErrorResume(failure -> {
            kept = null;
            connections.writable().doubt();
            return Mono.when(ConnectionEra.abandon(asked), open());
        });
    }

    private Mono<Void> open() {
        return Mono.<Connection>from(connections.create())
                .doOnNext(connection -> kept = connection)
                .then();
    }

    @Override
    public void dispose() {
        looks.dispose();
        Connection last = kept;
        if (last != null) {
            ConnectionEra.abandon(last).subscribe();
        }
    }
}
