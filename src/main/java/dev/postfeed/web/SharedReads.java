package dev.postfeed.web;

import io.r2dbc.spi.Connection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads of which several clients want the same, or the like: those that wait while one is under way share the next
 * statement, and those that want the very same its answer. Nobody is given what was asked of the database before it came:
 * a client reads what it has written.
 *
 * @param <K> what is read; equal ones are the same
 * @param <A> what was found, shared by all who asked
 */
final class SharedReads<K, A> {

    private final Coalescers coalescers;
    private final Function<K, Object> kind;
    private final Coalescer.Together<K, A> read;
    private final Map<Object, Coalescer<K, A>> underWay = new ConcurrentHashMap<>();
    private final Coalescer<K, A> again;

    /**
     * @param kind what one statement can read has equal ones
     * @param read of one kind, each once; the first gets its answer whatever the others are
     */
    SharedReads(Coalescers coalescers, Function<K, Object> kind, Coalescer.Together<K, A> read) {
        this.coalescers = coalescers;
        this.kind = kind;
        this.read = read;
        this.again = coalescers.readsAgain(this::readEach);
    }

    Mono<A> read(K what) {
        return Mono.defer(() ->
                        underWay.computeIfAbsent(kind.apply(what), this::begin).submit(what))
                .onErrorResume(SqlStates::isConnectionLost, e -> again.submit(what));
    }

    private Coalescer<K, A> begin(Object kindOfThese) {
        // Somebody may come to one that has just left the map: it serves them as well.
        return coalescers.longReads(this::readOnce, () -> underWay.remove(kindOfThese));
    }

    private Mono<List<Mono<A>>> readOnce(Connection connection, List<K> all) {
        List<K> each = all.stream().distinct().toList();
        return read.run(connection, each).map(answers -> {
            Map<K, Mono<A>> found = new HashMap<>();
            for (int i = 0; i < each.size(); i++) {
                found.put(each.get(i), answers.get(i));
            }
            return all.stream()
                    .map(what -> Objects.requireNonNull(found.get(what)))
                    .toList();
        });
    }

    /** One after the other on the connection, each of them once. */
    private Mono<List<Mono<A>>> readEach(Connection connection, List<K> all) {
        return Flux.fromIterable(all)
                .distinct()
                .concatMap(what -> read.run(connection, List.of(what)).map(answers -> Map.entry(what, answers.get(0))))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue)
                .map(answers -> all.stream()
                        .map(what -> Objects.requireNonNull(answers.get(what)))
                        .toList());
    }

    /** How many kinds of reads are under way. */
    int size() {
        return underWay.size();
    }
}
