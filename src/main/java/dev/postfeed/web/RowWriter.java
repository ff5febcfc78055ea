package dev.postfeed.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Writes any number of new rows in one statement.
 *
 * @param <R> the row
 * @param <B> its body: what a client may write
 */
public interface RowWriter<R, B> {

    /** The unique column by which a body can mean a row that is there already; null where there is none. */
    @Nullable
    String conflictColumn();

    /**
     * Writes rows in one statement, which sees one snapshot, and gives each what became of it, in their order. Rows that
     * are not stored draw no id. Fails as a whole with 23503 or 23505 when somebody else was faster between the snapshot
     * and the checks of the constraints: {@link Races} runs it again.
     *
     * @param bodies valid ones
     * @param mode which rows are stored when some are bad
     * @param onConflict other than {@link OnConflict#FAIL} only where there is a {@link #conflictColumn()}; then rows that
     *     mean the same row of it are as if they had been written one after the other
     */
    Mono<List<Written<R>>> write(List<B> bodies, WriteMode mode, OnConflict onConflict);
}
