package dev.postfeed.web;

import dev.postfeed.query.ListQuery;
import dev.postfeed.query.Position;
import dev.postfeed.query.RowForm;
import dev.postfeed.query.SqlStatement;
import io.r2dbc.spi.Connection;
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

    /** Bytes after which a page ends, whatever its limit. */
    private static final int PAGE_BYTES = 4 * 1024 * 1024;

    private final StatementReader statements;
    private final SharedReads<Page, RowBuffer> pages;

    ListReader(StatementReader statements, Coalescers coalescers) {
        this.statements = statements;
        this.pages = new SharedReads<>(coalescers, ListReader::read);
    }

    /**
     * A page of JSON: clients that ask for the same one at the same time share it.
     *
     * @param start after which it is
     * @param keyColumns of a row, behind its text
     * @param counted whether the number of all rows of the list follows them
     */
    private record Page(SqlStatement sql, @Nullable Position start, int limit, int keyColumns, boolean counted) {}

    /** The rows after the query's start; not to be changed. */
    Mono<RowBuffer> page(ListQuery query, boolean counted) {
        Position start = query.start();
        int limit = query.pageLimit();
        // One row more than asked for tells whether there is a next page; large rows end it before.
        SqlStatement sql = counted
                ? query.rowsAndTotal(RowForm.JSON, start, limit + 1, PAGE_BYTES)
                : query.rows(RowForm.JSON, start, limit + 1, PAGE_BYTES);
        return pages.read(new Page(sql, start, limit, query.keyColumns(), counted));
    }

    private static Mono<RowBuffer> read(Connection connection, Page page) {
        RowBuffer buffer = new RowBuffer(page.start(), page.limit(), PAGE_BYTES, ListForm.JSON.delimiter()).text("[");
        return StatementReader.read(connection, page.sql(), row -> {
                    if (page.counted()) {
                        buffer.total(Objects.requireNonNull(row.get(1 + page.keyColumns(), Long.class)));
                    }
                    return add(row, page.keyColumns(), buffer);
                })
                .then(Mono.just(buffer));
    }

    /** Fills a buffer with the rows after a position: at most so many, and not many more bytes than it takes. */
    Mono<RowBuffer> read(ListQuery query, RowForm form, @Nullable Position after, int rows, RowBuffer buffer) {
        SqlStatement sql = query.rows(form, after, rows, buffer.maxBytes());
        return statements.read(sql, row -> add(row, query.keyColumns(), buffer)).then(Mono.just(buffer));
    }

    /** An empty list has, with its total, one row without text. */
    private static RowBuffer add(Readable row, int keyColumns, RowBuffer buffer) {
        String text = row.get(0, String.class);
        if (text != null) {
            @Nullable String[] key = new String[keyColumns];
            for (int i = 0; i < key.length; i++) {
                key[i] = row.get(1 + i, String.class);
            }
            buffer.add(text, Arrays.asList(key));
        }
        return buffer;
    }
}
