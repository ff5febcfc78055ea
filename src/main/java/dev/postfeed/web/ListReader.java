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

    private final StatementReader statements;
    private final SharedReads<Part, RowBuffer> pages;

    ListReader(StatementReader statements, Coalescers coalescers) {
        this.statements = statements;
        this.pages = new SharedReads<>(coalescers, Part::kind, this::readTogether);
    }

    /**
     * Some rows of a list.
     *
     * @param plain what its columns are; null where the first one is the row's text
     * @param keyColumns of a row, behind its text
     * @param counted whether the number of all rows of the list follows them
     * @param start after which it is
     * @param shared whether its statement can go together with others of the same text
     */
    private record Part(
            SqlStatement sql,
            boolean shared,
            @Nullable PlainRow plain,
            int keyColumns,
            boolean counted,
            @Nullable Position start,
            int limit,
            int bytes,
            String delimiter,
            String prefix) {

        RowBuffer buffer() {
            return new RowBuffer(start, limit, bytes, delimiter).text(prefix);
        }

        Object kind() {
            return shared ? sql.sql() : this;
        }
    }

    /** A page of JSON after the query's start; not to be changed, since clients that ask for the same one share it. */
    Mono<RowBuffer> page(ListQuery query, boolean counted) {
        ListForm form = ListForm.JSON;
        int limit = query.pageLimit();
        // One row more than asked for tells whether there is a next page; large rows end it before.
        return pages.read(part(query, form, form.prefix(query), query.start(), limit, limit + 1, PAGE_BYTES, counted));
    }

    /**
     * The rows of a stream after a position.
     *
     * @param rows at most so many
     * @param bytes and not many more bytes than this
     */
    Mono<RowBuffer> chunk(
            ListQuery query, ListForm form, String prefix, @Nullable Position after, int rows, int bytes) {
        return alone(part(query, form, prefix, after, rows, rows, bytes, false));
    }

    /** On a connection of its own. Without demand nothing may hold that: so the buffer comes when it is back. */
    private Mono<RowBuffer> alone(Part part) {
        return Mono.defer(() -> {
            RowBuffer buffer = part.buffer();
            return statements.with(connection -> fill(connection, part, buffer)).thenReturn(buffer);
        });
    }

    private static Part part(
            ListQuery query,
            ListForm form,
            String prefix,
            @Nullable Position after,
            int limit,
            int asked,
            int bytes,
            boolean counted) {
        PlainRow plain = form.rowForm() == RowForm.JSON && !counted ? query.plainRow() : null;
        SqlStatement together = plain != null && limit < asked ? query.shortRows(after, asked) : null;
        SqlStatement sql = together != null
                ? together
                : plain != null
                        ? query.plainRows(after, asked)
                        : counted
                                ? query.rowsAndTotal(form.rowForm(), after, asked, bytes)
                                : query.rows(form.rowForm(), after, asked, bytes);
        return new Part(
                sql,
                together != null,
                plain,
                query.keyColumns(),
                counted,
                after,
                limit,
                bytes,
                form.delimiter(),
                prefix);
    }

    /** All of one kind. Those that there is no room for are read alone. */
    private Mono<List<Mono<RowBuffer>>> readTogether(Connection connection, List<Part> parts) {
        if (parts.size() == 1) {
            RowBuffer buffer = parts.get(0).buffer();
            return fill(connection, parts.get(0), buffer).thenReturn(List.of(Mono.just(buffer)));
        }
        Pages pages = new Pages(parts);
        return StatementReader.read(connection, pages.sql(), pages::add)
                .filter(enough -> enough)
                .next()
                .flatMap(enough -> StatementReader.cancel(connection))
                .then(Mono.fromSupplier(() -> pages.outcomes(this::alone)));
    }

    /** Where the bytes are enough before the rows are, PostgreSQL is told to give the statement up. */
    private static Mono<Void> fill(Connection connection, Part part, RowBuffer buffer) {
        JsonRows json = part.plain() == null ? null : new JsonRows(part.plain(), 0, buffer);
        return StatementReader.read(
                        connection, part.sql(), row -> json == null ? addText(row, part, buffer) : json.add(row))
                .filter(RowBuffer::isFull)
                .next()
                .flatMap(full -> StatementReader.cancel(connection));
    }

    private static RowBuffer addText(Readable row, Part part, RowBuffer buffer) {
        if (part.counted()) {
            buffer.total(Objects.requireNonNull(row.get(1 + part.keyColumns(), Long.class)));
        }
        String text = row.get(0, String.class);
        if (text != null) { // An empty list has, with its total, one row without text.
            buffer.add(() -> buffer.text(text), () -> key(row, part.keyColumns()));
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

    /** Pages of one statement, one after the other; of all their bytes no more are held than of one. */
    private static final class Pages {

        private final List<Part> parts;
        private final List<RowBuffer> buffers;
        private final List<JsonRows> rows = new ArrayList<>();

        private int current;
        private long bytesBefore;

        Pages(List<Part> parts) {
            this.parts = parts;
            this.buffers = parts.stream().map(Part::buffer).toList();
            for (RowBuffer buffer : buffers) {
                rows.add(new JsonRows(Objects.requireNonNull(parts.get(0).plain()), 1, buffer));
            }
        }

        SqlStatement sql() {
            return SqlStatement.together(parts.stream().map(Part::sql).toList());
        }

        /** Whether these are enough bytes. */
        boolean add(Readable row) {
            int page = Math.toIntExact(Objects.requireNonNull(row.get(0, Long.class))) - 1;
            for (; current < page; current++) {
                bytesBefore += buffers.get(current).size();
            }
            return bytesBefore + rows.get(page).add(row).size() > PAGE_BYTES;
        }

        List<Mono<RowBuffer>> outcomes(Function<Part, Mono<RowBuffer>> otherwise) {
            boolean all = bytesBefore + buffers.get(current).size() <= PAGE_BYTES;
            List<Mono<RowBuffer>> outcomes = new ArrayList<>();
            for (int page = 0; page < parts.size(); page++) {
                RowBuffer buffer = buffers.get(page);
                boolean whole = all || page < current || buffer.isCut();
                outcomes.add(whole ? Mono.just(buffer) : otherwise.apply(parts.get(page)));
            }
            return outcomes;
        }
    }
}
