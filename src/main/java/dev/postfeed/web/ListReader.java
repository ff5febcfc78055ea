package dev.postfeed.web;

import dev.postfeed.query.ListQuery;
import dev.postfeed.query.PlainRow;
import dev.postfeed.query.Position;
import dev.postfeed.query.RowForm;
import dev.postfeed.query.SqlStatement;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Reads rows of a list: columns, of which it makes JSON, or else, where they are CSV or have rows within them, what
 * PostgreSQL has written as text. The connection is the pool's again before the rows are handed on.
 */
@Component
class ListReader {

    /** Bytes after which a page ends, whatever its limit. */
    private static final int PAGE_BYTES = 4 * 1024 * 1024;

    /** Rows of a page that goes together with others: a short one would wait for the rows of the long ones. */
    private static final int MOST_TOGETHER = 100;

    /** Bytes that are sooner read than a statement is cancelled, on a connection made for that. */
    private static final int SOON_READ = 1024 * 1024;

    private final Function<ListPart, Mono<RowBuffer>> pages;
    private final Function<ListPart, Mono<RowBuffer>> chunks;

    ListReader(ReadSources sources) {
        this.pages = sources.reading(
                source -> new SharedReads<>(source.coalescers(), ListPart::kind, this::readTogether)::read);
        this.chunks = sources.reading(source -> part -> chunk(part, source.statements()::withUntested)
                .onErrorResume(SqlStates::isConnectionLost, e -> chunk(part, source.statements()::with)));
    }

    /** A page of JSON after the query's start; not to be changed, since clients that ask for the same one share it. */
    Mono<RowBuffer> page(ListQuery query, boolean counted) {
        ListForm form = ListForm.JSON;
        Position start = query.start();
        int limit = query.pageLimit();
        PlainRow plain = counted ? null : query.plainRow();
        SqlStatement together = !counted && limit <= MOST_TOGETHER ? query.shortRows(start, limit + 1) : null;
        // One row more than asked for tells whether there is a next page; large rows end it before.
        SqlStatement sql =
                together == null ? sql(query, form.rowForm(), plain, counted, start, limit + 1, PAGE_BYTES) : together;
        return pages.apply(new ListPart(
                sql,
                together != null,
                plain,
                query.keyColumns(),
                counted,
                start,
                limit,
                PAGE_BYTES,
                form.delimiter(),
                form.prefix(query)));
    }

    /**
     * The rows of a stream after a position.
     *
     * @param rows at most so many
     * @param bytes and not many more bytes than this
     */
    Mono<RowBuffer> chunk(
            ListQuery query, ListForm form, String prefix, @Nullable Position after, int rows, int bytes) {
        PlainRow plain = form.rowForm() == RowForm.JSON ? query.plainRow() : null;
        SqlStatement sql = sql(query, form.rowForm(), plain, false, after, rows, bytes);
        return chunks.apply(new ListPart(
                sql, false, plain, query.keyColumns(), false, after, rows, bytes, form.delimiter(), prefix));
    }

    private static Mono<RowBuffer> chunk(ListPart part, Function<Function<Connection, Mono<Void>>, Mono<Void>> with) {
        return Mono.defer(() -> {
            RowBuffer buffer = part.buffer();
            // Without demand nothing may hold the connection: so the buffer comes when it is back.
            return with.apply(connection -> fill(connection, part, buffer)).thenReturn(buffer);
        });
    }

    private static SqlStatement sql(
            ListQuery query,
            RowForm form,
            @Nullable PlainRow plain,
            boolean counted,
            @Nullable Position after,
            int rows,
            int bytes) {
        if (plain != null) {
            return query.plainRows(after, rows);
        }
        return counted ? query.rowsAndTotal(form, after, rows, bytes) : query.rows(form, after, rows, bytes);
    }

    /** All of one kind. Those that there is no room for, and all where a value of one fails, are read by themselves. */
    private Mono<List<Mono<RowBuffer>>> readTogether(Connection connection, List<ListPart> parts) {
        if (parts.size() == 1) {
            RowBuffer buffer = parts.get(0).buffer();
            return fill(connection, parts.get(0), buffer).thenReturn(List.of(Mono.just(buffer)));
        }
        ListPages all = new ListPages(parts, PAGE_BYTES);
        return StatementReader.read(connection, all.sql(), all::add)
                .filter(enough -> enough)
                .next()
                .flatMap(enough -> StatementReader.cancel(connection))
                .then(Mono.fromSupplier(() -> all.outcomes(this::byItself)))
                .onErrorResume(
                        SqlStates::isOfARow,
                        failure -> Mono.just(parts.stream().map(this::byItself).toList()));
    }

    private Mono<RowBuffer> byItself(ListPart part) {
        return pages.apply(part.byItself());
    }

    /** Where the bytes are enough long before the rows are, PostgreSQL is told to give the statement up. */
    private static Mono<Void> fill(Connection connection, ListPart part, RowBuffer buffer) {
        JsonRows json = part.plain() == null ? null : new JsonRows(part.plain(), 0, buffer);
        return StatementReader.read(
                        connection, part.sql(), row -> json == null ? addText(row, part, buffer) : json.add(row))
                .filter(RowBuffer::isFull)
                .next()
                .flatMap(full -> part.plain() != null && buffer.expectedRest() > SOON_READ
                        ? StatementReader.cancel(connection)
                        : StatementReader.end(connection))
                // Not when it is cancelled: the driver may be in the middle of a row then.
                .doOnTerminate(() -> {
                    if (json != null) {
                        json.close();
                    }
                });
    }

    private static RowBuffer addText(Readable row, ListPart part, RowBuffer buffer) {
        if (part.counted()) {
            buffer.total(Objects.requireNonNull(row.get(1 + part.keyColumns(), Long.class)));
        }
        String text = row.get(0, String.class);
        if (text != null) { // An empty list has, with its total, one row without text.
            List<@Nullable String> key = key(row, part.keyColumns());
            buffer.add(() -> buffer.text(text), () -> key);
        }
        return buffer;
    }

    private static List<@Nullable String> key(Readable row, int columns) {
        List<@Nullable String> key = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
            key.add(row.get(i, String.class));
        }
        return key;
    }
}
