package dev.postfeed.replica;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * What a server is asked over and over, on a connection of its own, once for all who want to know at the moment: those who
 * come while it is asked share the next answer. So nobody gets what was asked before he came. Nobody asks, nothing is sent.
 */
final class SharedAnswer<T> implements DisposableBean {

    private static final Duration LONGEST_LOGIN = Duration.ofSeconds(5);

    /** Of what takes no time: a server that is silent for longer has gone. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(1);

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    private final ConnectionFactory connections;
    private final Function<Connection, Mono<T>> question;
    private final long restNanos;

    /** For those who have come since it was asked last; null while there are none. */
    private final AtomicReference<Sinks.@Nullable One<T>> waiting = new AtomicReference<>();

    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile @Nullable Connection open;
    private volatile long asked;
    private volatile boolean stopped;

    /** @param rest between two questions, for the sake of the server */
    SharedAnswer(ConnectionFactory connections, Function<Connection, Mono<T>> question, Duration rest) {
        this.connections = connections;
        this.question = question;
        this.restNanos = rest.toNanos();
        this.asked = System.nanoTime() - restNanos;
    }

    /** The answer to a question that is asked after this is subscribed to; an error where there is none in time. */
    Mono<T> next() {
        return Mono.defer(() -> {
            Sinks.One<T> mine =
                    Objects.requireNonNull(waiting.updateAndGet(others -> others == null ? Sinks.one() : others));
            start(); // It may be answered before it is subscribed to: it keeps its value.
            return mine.asMono();
        });
    }

    private void start() {
        if (!stopped && waiting.get() != null && asking.compareAndSet(false, true)) {
            long rest = asked + restNanos - System.nanoTime();
            Mono<Void> ask = Mono.defer(this::ask);
            (rest > 0 ? Mono.delay(Duration.ofNanos(rest)).then(ask) : ask)
                    .doFinally(end -> {
                        asking.set(false);
                        start(); // Looked at again: somebody may have come meanwhile, and left it to this.
                    })
                    .subscribe();
        }
    }

    private Mono<Void> ask() {
        Sinks.One<T> come = waiting.getAndSet(null);
        if (come == null) {
            return Mono.empty();
        }
        asked = System.nanoTime();
        boolean old = open != null;
        return answer()
                // An old connection may have died long ago; who is silent would be silent again.
                .onErrorResume(failure -> old && !(failure instanceof TimeoutException), failure -> answer())
                .doOnNext(come::tryEmitValue)
                .doOnError(come::tryEmitError)
                .onErrorComplete()
                .then();
    }

    private Mono<T> answer() {
        return Mono.defer(() -> {
                    Connection connection = open;
                    return connection == null ? connect() : Mono.just(connection);
                })
                .flatMap(connection -> Mono.defer(() -> question.apply(connection))
                        .timeout(LONGEST_ANSWER)
                        .onErrorResume(failure -> close(connection).then(Mono.error(failure))));
    }

    private Mono<Connection> connect() {
        return Mono.<Connection>from(connections.create())
                .timeout(LONGEST_LOGIN)
                .doOnNext(opened -> open = opened);
    }

    private Mono<Void> close(Connection connection) {
        open = null;
        return Mono.from(connection.close()).timeout(LONGEST_CLOSE).onErrorComplete();
    }

    @Override
    public void destroy() {
        stopped = true;
        Connection connection = open;
        if (connection != null) {
            close(connection).subscribe();
        }
    }
}
