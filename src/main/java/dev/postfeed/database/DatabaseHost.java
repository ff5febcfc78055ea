package dev.postfeed.database;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One of several hosts, and the connections to it.
 *
 * @param name for the log
 * @param writable whether a connection is of use only where it can be written on
 * @param longest how long the host may take to let Postfeed in
 */
record DatabaseHost(String name, ConnectionFactory connections, boolean writable, Duration longest) {

    /** For a question to a server that has let Postfeed in. */
    static final Duration LONGEST_ANSWER = Duration.ofSeconds(2);

    /** A connection of use; it is closed where it is of none, or where nobody waits for it any more. */
    Mono<Connection> open() {
        return Mono.<Connection>from(connections.create())
                .timeout(longest)
                .flatMap(connection -> check(connection)
                        .thenReturn(connection)
                        .onErrorResume(
                                failure -> ConnectionEra.abandon(connection).then(Mono.error(failure)))
                        .doOnCancel(() -> ConnectionEra.abandon(connection).subscribe()))
                .doOnDiscard(
                        Connection.class, late -> ConnectionEra.abandon(late).subscribe());
    }

    /** Fails unless the connection is of use: {@code transaction_read_only} is on at a standby as well. */
    Mono<Void> check(Connection connection) {
        return Flux.from(new HeapStatement(connection.createStatement("select current_setting($1)"))
                        .bind(0, "transaction_read_only")
                        .execute())
                .flatMap(result -> result.map(row -> "off".equals(row.get(0, String.class))))
                .single()
                .timeout(LONGEST_ANSWER)
                .flatMap(off -> off || !writable ? Mono.empty() : Mono.error(this::readOnly));
    }

    private R2dbcNonTransientResourceException readOnly() {
        return new R2dbcNonTransientResourceException(name + " is read-only", "08004");
    }
}
