package dev.postfeed.web;

import dev.postfeed.query.ListQuery;
import dev.postfeed.query.Position;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Every row of a list, chunk by chunk. Each chunk is a statement of its own, which goes on where the last one ended, so
 * that between two of them the stream holds neither connection nor snapshot. A chunk waits until the client takes it;
 * the next one is read meanwhile, and no further.
 */
final class RowStream {

    /** Bytes after which a chunk ends; a client that does not read costs two chunks. */
    static final int CHUNK_BYTES = 128 * 1024;

    private static final int FIRST_ROWS = 128;
    private static final int LEAST_ROWS = 1;
    private static final int MOST_ROWS = 1024;

    private final ListReader reader;
    private final StreamMetrics metrics;
    private final ListQuery query;
    private final ListForm form;

    private @Nullable Position position;
    private String prefix;
    private long left;
    private int rows = FIRST_ROWS;

    private RowStream(ListReader reader, StreamMetrics metrics, ListQuery query, ListForm form) {
        this.reader = reader;
        this.metrics = metrics;
        this.query = query;
        this.form = form;
        this.position = query.start();
        this.prefix = form.prefix(query);
        this.left = query.streamLimit();
    }

    /**
     * The bytes of the rows, a buffer a chunk.
     *
     * @param taken completes when the client is ready for a chunk
     * @param ifEmpty runs before an answer without rows, which it may turn into an error
     */
    static Flux<byte[]> of(
            ListReader reader,
            StreamMetrics metrics,
            ListQuery query,
            ListForm form,
            Mono<Void> taken,
            Mono<Void> ifEmpty) {
        return Flux.defer(() -> {
            RowStream stream = new RowStream(reader, metrics, query, form);
            return metrics.watch(Mono.defer(stream::read)
                    .flatMap(chunk -> chunk.isEmptyList() ? ifEmpty.thenReturn(chunk) : Mono.just(chunk))
                    .flatMap(chunk -> stream.hand(chunk.rows(), chunk.toBytes(), taken))
                    .repeat(() -> stream.left > 0));
        });
    }

    private Mono<RowBuffer> read() {
        int asked = (int) Math.min(rows, left);
        return reader.chunk(query, form, prefix, position, asked, CHUNK_BYTES).doOnNext(read -> advance(read, asked));
    }

    /** Without the chunk itself, which is larger: a client that does not read keeps what is here. */
    private Mono<byte[]> hand(int chunkRows, byte[] bytes, Mono<Void> taken) {
        return taken.thenReturn(bytes).doOnNext(sent -> metrics.sent(chunkRows, sent.length));
    }

    private void advance(RowBuffer chunk, int asked) {
        prefix = "";
        left = chunk.rows() == asked || chunk.isCut() ? left - chunk.rows() : 0;
        if (chunk.rows() > 0) {
            position = chunk.last();
            // Somewhat fewer than fill the next chunk, should they be like these: rows that do not fit are read in
            // vain.
            long fitting = (long) CHUNK_BYTES * 7 / 8 * chunk.rows() / chunk.size();
            rows = rounded((int) Math.max(LEAST_ROWS, Math.min(MOST_ROWS, fitting)));
        }
    }

    /** Each number of rows is a statement of its own, to be prepared: three binary digits are as many as matter. */
    private static int rounded(int rows) {
        return rows & -Math.max(1, Integer.highestOneBit(rows) >> 2);
    }
}
