package dev.postfeed.feed;

import dev.postfeed.query.FeedQuery;
import dev.postfeed.query.IdRange;
import dev.postfeed.query.SqlStatement;
import dev.postfeed.web.ReadSources;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolBuilder;
import reactor.util.context.ContextView;

/**
 * Posts that are no longer in the log, for subscribers that come back or lag behind. When thousands come at once they
 * take turns: the connections are for the requests, too.
 */
@Component
@ConditionalOnBooleanProperty(name = "postfeed.feed.enabled", matchIfMissing = true)
class FeedTable {

    static final int CHUNK_ROWS = 1000;

    /** Of the rows' texts; a client that does not read costs a chunk. */
    static final int CHUNK_BYTES = 128 * 1024;

    private static final int TURNS = 4;

    /** A post as it was written. */
    record Row(long id, String json) {}

    private final ReadSources sources;
    private final Function<SqlStatement, Mono<List<Row>>> rows;
    private final InstrumentedPool<Integer> turns =
            PoolBuilder.from(Mono.just(1)).sizeBetween(0, TURNS).buildPool();

    FeedTable(ReadSources sources) {
        this.sources = sources;
        this.rows = sources.reading(
                source -> sql -> source.statements().read(sql, FeedTable::row).collectList());
    }

    /** Context of reads that have whatever the node has come by; to be asked for before the first one. */
    Mono<ContextView> upToDate() {
        return sources.allSoFar();
    }

    /** Rows that match, in order, as many as make a chunk. */
    Mono<List<Row>> read(FeedQuery query, List<IdRange> ranges) {
        return turns.withPoolable(turn -> rows.apply(query.rows(ranges, CHUNK_ROWS, CHUNK_BYTES)))
                .single();
    }

    private static Row row(Readable row) {
        return new Row(
                Objects.requireNonNull(row.get(0, Long.class)), Objects.requireNonNull(row.get(1, String.class)));
    }
}
