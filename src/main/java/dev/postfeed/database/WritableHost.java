package dev.postfeed.database;

import io.r2dbc.spi.R2dbcNonTransientResourceException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Which of several hosts takes writes. The driver asks them one after the other for each connection: a host that is dead
 * and stands first costs each its timeout, and one that takes connections and says nothing is the end of it. Here the host
 * that was writable last is known; when there is doubt all are asked at once, by one search for all who wait.
 *
 * <p>Where it is another one than before, the era of the connections to the former one is over, whatever these still do.
 */
final class WritableHost {

    private static final Logger log = LoggerFactory.getLogger(WritableHost.class);

    private final List<DatabaseHost> hosts;
    private final ConnectionEras eras;
    private final AtomicReference<@Nullable Mono<Integer>> search = new AtomicReference<>();

    private volatile int last = -1;
    private volatile boolean sure;

    WritableHost(List<DatabaseHost> hosts, ConnectionEras eras) {
        this.hosts = hosts;
        this.eras = eras;
    }

    /** Its place in the list; empty when it is to be searched for. */
    Mono<Integer> known() {
        return Mono.defer(() -> sure ? Mono.just(last) : Mono.empty());
    }

    /** Searches for it; fails when there is none. */
    Mono<Integer> find() {
        return Mono.defer(() -> {
            Mono<Integer> mine =
                    Mono.defer(this::ask).doOnTerminate(() -> search.set(null)).cache();
            Mono<Integer> running = search.compareAndExchange(null, mine);
            return running == null ? mine : running;
        });
    }

    /** The next one searches. */
    void doubt() {
        sure = false;
    }

    private Mono<Integer> ask() {
        doubt();
        Queue<String> refusals = new ConcurrentLinkedQueue<>();
        return Flux.range(0, hosts.size())
                .flatMap(place -> open(place, refusals), hosts.size())
                .next()
                .switchIfEmpty(Mono.error(() ->
                        new R2dbcNonTransientResourceException("no host can be written to: " + refusals, "08001")))
                .doOnNext(this::found);
    }

    private Mono<Integer> open(int place, Queue<String> refusals) {
        DatabaseHost host = hosts.get(place);
        return host.open()
                .doOnError(failure -> refusals.add(host.name() + ": " + failure.getMessage()))
                .onErrorComplete()
                .flatMap(connection -> ConnectionEra.abandon(connection).thenReturn(place));
    }

    private synchronized void found(int place) {
        int former = last;
        last = place;
        sure = true;
        if (former >= 0 && former != place && hosts.get(place).writable()) {
            String name = hosts.get(place).name();
            log.warn("The database that can be written to is at {}", name);
            eras.end(
                    eras.current(),
                    name + " is the primary now, " + hosts.get(former).name() + " was before");
        }
    }
}
