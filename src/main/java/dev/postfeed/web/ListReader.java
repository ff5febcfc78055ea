package dev.postfeed.web;

import dev.postfeed.query.ListQuery;
import dev.postfeed.query.Position;
import dev.postfeed.query.RowForm;
import dev.postfeed.query.SqlStatement;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.ValidationDepth;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads rows of a list, which PostgreSQL has written as text already. The connection is the pool's again before the rows
 * are handed on.
 */
@Component
class ListReader {

    /** After this the pool's own test of a connection decides what becomes of it. */
    private static final Duration END_OF_STATEMENT = Duration.ofSeconds(2);

    private final ConnectionPool connections;

    ListReader(ConnectionPool connections) {
        this.connections = connections;
    }

    /** Fills a buffer with the rows after a position: at most so many, and not many more bytes than it takes. */
    Mono<RowBuffer> read(ListQuery query, RowForm form, @Nullable Position after, int rows, RowBuffer buffer) {
        SqlStatement sql = query.rows(form, after, rows, buffer.maxBytes());
        return execute(sql, row -> add(row, query, buffer)).then(Mono.just(buffer));
    }

    /** The same, and the number of all rows of the list as that statement saw it. */
    Mono<RowBuffer> readAndCount(ListQuery query, RowForm form, @Nullable Position after, int rows, RowBuffer buffer) {
        SqlStatement sql = query.rowsAndTotal(form, after, rows, buffer.maxBytes());
        return execute(sql, row -> {
                    buffer.total(Objects.requireNonNull(row.get(1 + query.keyColumns(), Long.class)));
                    return add(row, query, buffer);
                })
                .then(Mono.just(buffer));
    }

    private Flux<RowBuffer> execute(SqlStatement sql, RowMapping mapping) {
        return Flux.usingWhen(
                connections.create(),
                connection -> Flux.<Result>from(statement(connection, sql).execute())
                        .concatMap(result -> result.map(mapping::add)),
                Connection::close,
                (connection, failure) -> connection.close(),
                ListReader::abandon);
    }

    /**
     * Of a client that has gone: PostgreSQL would go on reading for it, and the next borrower of the connection would
     * wait for that. So it is told, and the connection is the pool's again when the statement has ended; not before,
     * or the cancellation would hit the next one's.
     */
    private static Mono<Void> abandon(Connection connection) {
        return Mono.defer(() -> ((Wrapped<?>) connection)
                        .unwrap(PostgresqlConnection.class)
                        .cancelRequest())
                .then(Mono.defer(() -> Mono.from(connection.validate(ValidationDepth.REMOTE))))
                .timeout(END_OF_STATEMENT)
                .onErrorComplete()
                .then(Mono.defer(() -> Mono.from(connection.close())));
    }

    private static Statement statement(Connection connection, SqlStatement sql) {
        Statement statement = connection.createStatement(sql.sql());
        for (int i = 0; i < sql.binds().size(); i++) {
            statement.bind(i, sql.binds().get(i));
        }
        return statement;
    }

    /** An empty list has, with its total, one row without text. */
    private static RowBuffer add(Readable row, ListQuery query, RowBuffer buffer) {
        String text = row.get(0, String.class);
        if (text != null) {
            @Nullable String[] key = new String[query.keyColumns()];
            for (int i = 0; i < key.length; i++) {
                key[i] = row.get(1 + i, String.class);
            }
            buffer.add(text, Arrays.asList(key));
        }
        return buffer;
    }

    private interface RowMapping {

        RowBuffer add(Readable row);
    }
}
