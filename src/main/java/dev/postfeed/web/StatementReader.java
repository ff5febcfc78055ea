package dev.postfeed.web;

import dev.postfeed.query.SqlStatement;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcTransientResourceException;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.ValidationDepth;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads by a statement that {@code query} wrote, on a connection of the pool. */
@Component
public class StatementReader {

    /** After this the pool's own test of a connection decides what becomes of it. */
    private static final Duration END_OF_STATEMENT = Duration.ofSeconds(2);

    private static final Duration SOON = Duration.ofMillis(200);

    private final ConnectionPool connections;

    /** What comes before a statement; null for nothing. */
    private final @Nullable Function<Connection, Mono<Void>> before;

    @Autowired
    StatementReader(ConnectionPool connections) {
        this(connections, null);
    }

    /** @param before a statement of this reader, on its connection */
    StatementReader(ConnectionPool connections, @Nullable Function<Connection, Mono<Void>> before) {
        this.connections = connections;
        this.before = before;
    }

    /**
     * The rows; the connection is the pool's again before the end of them.
     *
     * @param mapping called while the row can be read
     */
    public <T> Flux<T> read(SqlStatement sql, Function<Readable, T> mapping) {
        return Flux.usingWhen(
                connections.create(),
                connection -> before == null
                        ? read(connection, sql, mapping)
                        : before.apply(connection).thenMany(Flux.defer(() -> read(connection, sql, mapping))),
                Connection::close,
                (connection, failure) -> connection.close(),
                StatementReader::abandon);
    }

    /** Reads on a connection, at once, and completes when that is the pool's again. */
    Mono<Void> with(Function<Connection, Mono<Void>> reading) {
        return with(connections.create(), reading);
    }

    /** The same on one that need not be tested: to be done again by {@link #with} where it turns out to be lost. */
    Mono<Void> withUntested(Function<Connection, Mono<Void>> reading) {
        return with(Coalescers.untested(connections), reading)
                .timeout(
                        Coalescers.SILENCE,
                        Mono.error(() -> new R2dbcTransientResourceException("the database is silent", "08006")));
    }

    private Mono<Void> with(Mono<? extends Connection> lent, Function<Connection, Mono<Void>> reading) {
        return Mono.usingWhen(
                lent,
                connection -> before == null
                        ? reading.apply(connection)
                        : before.apply(connection).then(Mono.defer(() -> reading.apply(connection))),
                Connection::close,
                (connection, failure) -> connection.close(),
                StatementReader::abandon);
    }

    /**
     * Of a client that has gone: PostgreSQL would go on reading for it, and the next borrower of the connection would
     * wait for that. So it is told, and the connection is the pool's again when the statement has ended; not before,
     * or the cancellation would hit the next one's.
     */
    private static Mono<Void> abandon(Connection connection) {
        return cancel(connection).then(Mono.defer(() -> Mono.from(connection.close())));
    }

    /** Tells PostgreSQL to give the statement up, and completes when it has ended; never fails. */
    static Mono<Void> cancel(Connection connection) {
        return Mono.defer(() -> {
                    PostgresqlConnection server = ((Wrapped<?>) connection).unwrap(PostgresqlConnection.class);
                    return server.cancelRequest()
                            .onErrorComplete()
                            .then(Mono.defer(() -> server.validate(ValidationDepth.REMOTE)));
                })
                .timeout(END_OF_STATEMENT)
                .onErrorComplete()
                .then();
    }

    /** Completes when what is left of the statement's rows has been read and dropped, which is soon, or else cancelled. */
    static Mono<Void> end(Connection connection) {
        return Mono.from(connection.validate(ValidationDepth.REMOTE))
                .then()
                .timeout(SOON)
                .onErrorResume(e -> cancel(connection));
    }

    /** The rows, on a connection that the caller has. */
    static <T> Flux<T> read(Connection connection, SqlStatement sql, Function<Readable, T> mapping) {
        return Flux.<Result>from(statement(connection, sql).execute()).concatMap(result -> result.map(mapping));
    }

    private static Statement statement(Connection connection, SqlStatement sql) {
        Statement statement = connection.createStatement(sql.sql());
        for (int i = 0; i < sql.binds().size(); i++) {
            statement.bind(i, sql.binds().get(i));
        }
        return statement;
    }
}
