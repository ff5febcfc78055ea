package dev.postfeed.web;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What one statement does for many rows of one kind: those of an array or of lines, and those that different clients ask
 * for at the same time, one each ({@link Coalescer}). What is asked for less often is the repository's.
 *
 * @param <R> the row
 * @param <B> its body: what a client may write
 */
public abstract class RowStatements<R extends Row<R, B>, B> {

    /** For how long a row waits for a lock while those of other clients wait with it. */
    protected static final String LOCK_TIMEOUT = "50ms";

    private final DatabaseClient database;
    private final Function<Long, Mono<R>> reads;
    private final Coalescer<B, R> inserts;

    /** What the server has refused once it would refuse again. */
    private volatile boolean copyRefused;

    protected RowStatements(DatabaseClient database, ReadSources sources) {
        this.database = database;
        this.reads = sources.reading(source -> reads(source.coalescers()));
        this.inserts = sources.primary().writes(this::insert, this::weight);
    }

    /** The unique column by which a body can mean a row that is there already; null where there is none. */
    public abstract @Nullable String conflictColumn();

    /** Reads the rows of which the ids are given. */
    protected abstract Statement read(Connection connection, Long[] ids);

    protected abstract R row(Readable row);

    /** Writes rows: see {@link #write(List, WriteMode, OnConflict)}. */
    protected abstract Statement write(Connection connection, List<B> bodies, WriteMode mode, OnConflict onConflict);

    /** About how many bytes a body has. */
    protected abstract int weight(B body);

    /** @param bodies what was to be written */
    protected abstract Written<R> written(Readable row, List<B> bodies);

    /** One row, read with those that others ask for; empty where there is no such row. */
    Mono<R> findById(long id) {
        return reads.apply(id);
    }

    private Function<Long, Mono<R>> reads(Coalescers coalescers) {
        Coalescer<Long, R> first = coalescers.reads(this::read);
        Coalescer<Long, R> again = coalescers.readsAgain(this::read);
        return id -> first.submit(id).onErrorResume(SqlStates::isConnectionLost, e -> again.submit(id));
    }

    /** A valid new row, stored with those of others. */
    Mono<R> insert(B body) {
        return inserts.submit(body);
    }

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
    Mono<List<Written<R>>> write(List<B> bodies, WriteMode mode, OnConflict onConflict) {
        return database.inConnection(connection -> writeOn(connection, bodies, mode, onConflict));
    }

    /** How rows are written whose ids are drawn first; null where rows may be in each other's way. */
    public @Nullable IdsFirst<R, B> idsFirst() {
        return null;
    }

    /**
     * The same in a transaction of three statements, in which it can be told when the ids are drawn, and be waited
     * before the rows can be seen. For a lock it waits a moment at most: it may be that of who waits for this. Fails with
     * {@link NotStoredException} where nothing is stored.
     *
     * @param how {@link #idsFirst}
     * @param drawn runs when the ids are drawn
     * @param turn what to wait for; nothing is stored when it fails
     */
    Mono<List<Written<R>>> writeInTurn(
            IdsFirst<R, B> how, List<B> bodies, WriteMode mode, Runnable drawn, Mono<Void> turn) {
        return Mono.defer(() -> {
            AtomicBoolean commits = new AtomicBoolean();
            // A transaction that is not committed is rolled back when the connection is given back.
            return database.inConnection(connection -> Mono.from(connection.beginTransaction())
                            .thenMany(Flux.<Result>from(how.draw(connection, bodies, mode, LOCK_TIMEOUT)
                                    .execute()))
                            .concatMap(result -> result.map(row -> how.drawn(row, bodies)))
                            .single()
                            .doOnNext(all -> drawn.run())
                            .delayUntil(all -> store(connection, how, all).then(turn))
                            .doOnNext(all -> commits.set(true))
                            .delayUntil(all -> connection.commitTransaction())
                            .map(Drawn::rows))
                    .onErrorMap(failure -> !commits.get(), NotStoredException::new);
        });
    }

    /** Where the server refuses the COPY the batch fails, to be written anew by another statement, and later ones do not try. */
    private Mono<Void> store(Connection connection, IdsFirst<R, B> how, Drawn<R> drawn) {
        List<R> rows = new ArrayList<>(drawn.rows().size());
        for (Written<R> each : drawn.rows()) {
            if (each.row() != null) {
                rows.add(each.row());
            }
        }
        if (rows.isEmpty()) {
            return Mono.empty();
        }
        return drawn.copyable() && !copyRefused
                ? run(how.copy(connection, rows)).doOnError(SqlStates::isCopyRefused, refusal -> copyRefused = true)
                : run(how.store(connection, rows));
    }

    private static Mono<Void> run(Statement statement) {
        return Flux.<Result>from(statement.execute())
                .concatMap(Result::getRowsUpdated)
                .then();
    }

    private Mono<List<Written<R>>> writeOn(
            Connection connection, List<B> bodies, WriteMode mode, OnConflict onConflict) {
        return Flux.<Result>from(write(connection, bodies, mode, onConflict).execute())
                .concatMap(result -> result.map(row -> written(row, bodies)))
                .collectList();
    }

    private Mono<List<Mono<R>>> read(Connection connection, List<Long> ids) {
        return Flux.<Result>from(read(connection, ids.toArray(Long[]::new)).execute())
                .concatMap(result -> result.map(this::row))
                .<Map<Long, R>>collect(HashMap::new, (rows, row) -> rows.put(Objects.requireNonNull(row.id()), row))
                .map(rows ->
                        ids.stream().map(id -> Mono.justOrEmpty(rows.get(id))).toList());
    }

    /** One that fails, or waits for somebody's lock, is not to be the others' failure: each is written by itself then. */
    private Mono<List<Mono<R>>> insert(Connection connection, List<B> bodies) {
        return writeOn(connection, bodies, WriteMode.TOGETHER, OnConflict.FAIL)
                .map(all -> all.stream().map(RowStatements::outcome).toList())
                .onErrorResume(
                        SqlStates::isOfARow,
                        failure ->
                                Mono.just(bodies.stream().map(this::insertAlone).toList()));
    }

    private Mono<R> insertAlone(B body) {
        return write(List.of(body), WriteMode.ALL, OnConflict.FAIL)
                .retryWhen(Races.RETRY)
                .flatMap(written -> outcome(written.get(0)));
    }

    private static <R> Mono<R> outcome(Written<R> written) {
        return written.problem() == null ? Mono.justOrEmpty(written.row()) : Mono.error(written.problem());
    }
}
