package dev.postfeed.web;

import io.r2dbc.spi.Connection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads of which several clients want the very same: those that wait while one is under way share the next one. Nobody is
 * given what was asked of the database before it came: a client reads what it has written.
 *
 * @param <K> what is read; equal ones are the same
 * @param <A> what was found, shared by all who asked
 */
final class SharedReads<K, A> {

    private final Coalescers coalescers;
    private final BiFunction<Connection, K, Mono<A>> read;
    private final Map<K, Coalescer<K, A>> underWay = new ConcurrentHashMap<>();
    private final Coalescer<K, A> again;

    SharedReads(Coalescers coalescers, BiFunction<Connection, K, Mono<A>> read) {
        this.coalescers = coalescers;
        this.read = read;
        this.again = coalescers.readsAgain(this::readEach);
    }

    Mono<A> read(K what) {
        return Mono.defer(() -> underWay.computeIfAbsent(what, this::begin).submit(what))
                .onErrorResume(SqlStates::isConnectionLost, e -> again.submit(what));
    }

    private Coalescer<K, A> begin(K what) {
        // Somebody may come to one that has just left the map: it serves them as well.
        return coalescers.longReads(
                (connection, all) ->
                        read.apply(connection, what).map(answer -> Collections.nCopies(all.size(), Mono.just(answer))),
                () -> underWay.remove(what));
    }

    /** One after the other on the connection, each of them once. */
    private Mono<List<Mono<A>>> readEach(Connection connection, List<K> all) {
        return Flux.fromIterable(all)
                .distinct()
                .concatMap(what -> read.apply(connection, what).map(answer -> Map.entry(what, answer)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue)
                .map(answers -> all.stream()
                        .map(what -> Mono.justOrEmpty(answers.get(what)))
                        .toList());
    }

    /** How many different reads are under way. */
    int size() {
        return underWay.size();
    }
}
