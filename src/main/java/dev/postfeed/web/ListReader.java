package dev.postfeed.web;

import dev.postfeed.query.ListQuery;
import dev.postfeed.query.Position;
import dev.postfeed.query.RowForm;
import dev.postfeed.query.SqlStatement;
import io.r2dbc.spi.Readable;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Reads rows of a list, which PostgreSQL has written as text already. The connection is the pool's again before the rows
 * are handed on.
 */
@Component
class ListReader {

    private final StatementReader statements;

    ListReader(StatementReader statements) {
        this.statements = statements;
    }

    /** Fills a buffer with the rows after a position: at most so many, and not many more bytes than it takes. */
    Mono<RowBuffer> read(ListQuery query, RowForm form, @Nullable Position after, int rows, RowBuffer buffer) {
        SqlStatement sql = query.rows(form, after, rows, buffer.maxBytes());
        return statements.read(sql, row -> add(row, query, buffer)).then(Mono.just(buffer));
    }

    /** The same, and the number of all rows of the list as that statement saw it. */
    Mono<RowBuffer> readAndCount(ListQuery query, RowForm form, @Nullable Position after, int rows, RowBuffer buffer) {
        SqlStatement sql = query.rowsAndTotal(form, after, rows, buffer.maxBytes());
        return statements
                .read(sql, row -> {
                    buffer.total(Objects.requireNonNull(row.get(1 + query.keyColumns(), Long.class)));
                    return add(row, query, buffer);
                })
                .then(Mono.just(buffer));
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
}
