package dev.postfeed.database;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.TransactionDefinition;
import io.r2dbc.spi.ValidationDepth;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A connection of the pool, which sees to it that it can be lent: it answers, it is in no transaction, and its era is not
 * over. Its statements and transactions are watched.
 *
 * <p>It asks the server whether it is alive, unless whoever borrows it says that it will do the same again when it is not:
 * the test is a round trip more. Then one that was in use a moment ago is lent untested, if its socket is open.
 *
 * <p>Whoever is cancelled while BEGIN is under way leaves a transaction of which the driver does not know yet: to its word
 * ({@link #isAutoCommit()}) there is none, and r2dbc-pool hands the connection to the next, whose write would be answered
 * as done and end with a transaction that nobody commits. So that one was begun is written down here, and what has not
 * ended is rolled back, in the queue behind BEGIN and before anybody else's statements.
 *
 * @see <a href="https://github.com/brettwooldridge/HikariCP/blob/dev/src/main/java/com/zaxxer/hikari/pool/HikariPool.java">HikariCP's
 *     aliveBypassWindowMs, which does so for all</a>
 */
final class LendableConnection extends DelegatingConnection {

    /** Key of the context of who borrows a connection that need not be tested. */
    static final String UNTESTED = "postfeed.untested";

    /** As HikariCP's. */
    private static final Duration MOMENT = Duration.ofMillis(500);

    /** A rollback waits for what was sent before it, which may wait for somebody's lock. */
    private static final Duration MAX_ROLLBACK_TIME = Duration.ofSeconds(2);

    /** A statement that writes, where nothing can be written any more. */
    private static final String READ_ONLY = "25006";

    private static final Duration MAX_CANCEL_TIME = Duration.ofSeconds(1);

    private final PostgresqlConnection server;
    private final SilenceWatch watch;
    private final ConnectionEras eras;
    private final ConnectionEra era;
    private volatile long givenBack;
    private volatile boolean readOnly;

    /** Whether one was begun, and has not ended as far as we know. */
    private volatile boolean inTransaction;

    LendableConnection(DatedConnection opened, SilenceWatch watch, ConnectionEras eras) {
        super(opened.server());
        this.server = opened.server();
        this.watch = watch;
        this.eras = eras;
        this.era = opened.era();
        era.opened(server);
        this.givenBack = System.nanoTime(); // Just opened.
    }

    /** Nobody uses it from now on. */
    void givenBack() {
        givenBack = System.nanoTime();
    }

    /** Whether it is not to be lent any more, though it may answer. */
    boolean isOver() {
        return readOnly || era.isOver();
    }

    private void failed(R2dbcException failure) {
        if (READ_ONLY.equals(failure.getSqlState())) {
            readOnly = true;
            eras.readOnly(era);
        }
    }

    @Override
    public Publisher<Void> close() {
        era.closed(server);
        return super.close();
    }

    /** Before it is lent, and when it is given back. */
    @Override
    public Publisher<Boolean> validate(ValidationDepth depth) {
        return Mono.deferContextual(context -> {
            if (isOver()) {
                return Mono.just(false);
            }
            boolean spared = context.hasKey(UNTESTED) && System.nanoTime() - givenBack < MOMENT.toNanos();
            Mono<Boolean> valid = server.validate(spared ? ValidationDepth.LOCAL : depth);
            return inTransaction ? rollback().then(valid) : valid;
        });
    }

    @Override
    public Publisher<Void> beginTransaction() {
        return begin(server.beginTransaction());
    }

    @Override
    public Publisher<Void> beginTransaction(TransactionDefinition definition) {
        return begin(server.beginTransaction(definition));
    }

    @Override
    public Publisher<Void> commitTransaction() {
        return watch.during(server, server.commitTransaction()).doOnSuccess(ended -> inTransaction = false);
    }

    /** Where the driver knows of no transaction it does nothing: BEGIN may be under way. */
    @Override
    public Publisher<Void> rollbackTransaction() {
        return Mono.defer(() -> server.isAutoCommit()
                ? Mono.empty()
                : watch.during(server, server.rollbackTransaction()).doOnSuccess(ended -> inTransaction = false));
    }

    private Mono<Void> begin(Mono<Void> begin) {
        return watch.during(server, begin).doOnSubscribe(begins -> inTransaction = true);
    }

    @Override
    public Statement createStatement(String sql) {
        return new WatchedStatement(server.createStatement(sql), this);
    }

    /** Something that is asked of the server, and ends by its answer. */
    <T> Flux<T> watch(Publisher<? extends T> exchange) {
        return watch.<T>during(server, exchange).doOnError(R2dbcException.class, this::failed);
    }

    /**
     * The number of rows that were stored.
     *
     * @param rows as {@code sql}, which is {@code copy … from stdin}, has them
     */
    Mono<Long> copy(String sql, byte[] rows) {
        return watch.during(server, server.copyIn(sql).from(rows).build())
                .doOnError(R2dbcException.class, this::failed);
    }

    /** In the queue behind all that was sent, whatever the driver knows of it. */
    private Mono<Void> rollback() {
        return Flux.from(server.createStatement("ROLLBACK").execute())
                .flatMap(Result::getRowsUpdated)
                .then()
                .timeout(MAX_ROLLBACK_TIME, Mono.defer(this::abandon))
                .doOnSuccess(ended -> inTransaction = false);
    }

    /** Has the server stop what the rollback waits for, whose locks nobody needs, and fails: the pool closes the connection. */
    private Mono<Void> abandon() {
        return server.cancelRequest()
                .timeout(MAX_CANCEL_TIME)
                .onErrorComplete()
                .then(Mono.error(() ->
                        new R2dbcNonTransientResourceException("no rollback within " + MAX_ROLLBACK_TIME, "08006")));
    }
}
