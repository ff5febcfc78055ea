package dev.postfeed.web;

import dev.postfeed.query.ListQuery;
import dev.postfeed.query.Position;
import dev.postfeed.query.RowForm;
import dev.postfeed.query.SqlStatement;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads rows of a list, which PostgreSQL has written as text already. The connection is the pool's again before the rows
 * are handed on.
 */
@Component
class ListReader {

    private final DatabaseClient database;

    ListReader(DatabaseClient database) {
        this.database = database;
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
        return database.inConnectionMany(connection ->
                Flux.<Result>from(statement(connection, sql).execute()).concatMap(result -> result.map(mapping::add)));
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
