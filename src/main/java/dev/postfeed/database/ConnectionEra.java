package dev.postfeed.database;

import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The time from one change of the writable server to the next, and the connections that were opened in it. Once it is over
 * none of them is lent again, and what is still under way on one has a moment to end: a server that is cut off would let
 * it wait for half a minute, and the connection would take a place of the pool.
 */
final class ConnectionEra {

    /** Longer than nearly all statements, and shorter than a client likes to wait. */
    static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    private final long begun = System.nanoTime();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    boolean isOver() {
        return over;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Takes up a connection whose opening began in this era, which may have ended meanwhile. */
    void opened(Connection connection) {
        open.add(connection);
        if (over) {
            close(connection);
        }
    }

    void closed(Connection connection) {
        open.remove(connection);
    }

    /** How many of its connections are open. */
    int size() {
        return open.size();
    }

    void end() {
        over = true;
        Schedulers.parallel().schedule(this::closeAll, GRACE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void closeAll() {
        open.forEach(this::close);
    }

    private void close(Connection connection) {
        if (open.remove(connection)) {
            abandon(connection).subscribe();
        }
    }

    /** Closes a connection whose server may not answer any more, and never fails. */
    static Mono<Void> abandon(Connection connection) {
        return Mono.defer(() -> Mono.from(connection.close()))
                .timeout(LONGEST_CLOSE)
                .onErrorComplete();
    }
}
