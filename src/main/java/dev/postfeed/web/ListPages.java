package dev.postfeed.web;

import dev.postfeed.query.SqlStatement;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Pages of one statement, one after the other; together they have not many more bytes than one of them may have. */
final class ListPages {

    private final List<ListPart> parts;
    private final int maxBytes;
    private final List<JsonRows> rows = new ArrayList<>();
    private final List<RowBuffer> buffers = new ArrayList<>();

    private int current;
    private long bytesBefore;
    private boolean enough;

    /** @param parts of one kind, but not of the same selection: what only one orders by another selects */
    ListPages(List<ListPart> parts, int maxBytes) {
        this.parts = parts;
        this.maxBytes = maxBytes;
        for (ListPart part : parts) {
            RowBuffer buffer = part.buffer();
            buffers.add(buffer);
            rows.add(new JsonRows(Objects.requireNonNull(part.plain()), 1, buffer));
        }
    }

    SqlStatement sql() {
        return SqlStatement.together(parts.stream().map(ListPart::sql).toList());
    }

    /** Whether these are enough bytes: no other row is to be added then. */
    boolean add(Readable row) {
        int page = Math.toIntExact(Objects.requireNonNull(row.get(0, Long.class))) - 1;
        for (; current < page; current++) {
            bytesBefore += buffers.get(current).size();
        }
        RowBuffer buffer = rows.get(page).add(row);
        enough = buffer.isFull() || bytesBefore + buffer.size() > maxBytes;
        return enough;
    }

    /** The pages that are whole; the others are read otherwise. */
    List<Mono<RowBuffer>> outcomes(Function<ListPart, Mono<RowBuffer>> otherwise) {
        rows.forEach(JsonRows::close);
        List<Mono<RowBuffer>> outcomes = new ArrayList<>();
        for (int page = 0; page < parts.size(); page++) {
            RowBuffer buffer = buffers.get(page);
            boolean whole = !enough || page < current || buffer.isCut();
            outcomes.add(whole ? Mono.just(buffer) : otherwise.apply(parts.get(page)));
        }
        return outcomes;
    }
}
