package dev.postfeed.database;

import io.r2dbc.spi.Batch;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionMetadata;
import io.r2dbc.spi.IsolationLevel;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.TransactionDefinition;
import io.r2dbc.spi.ValidationDepth;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A connection of the pool, which sees to it that it can be lent: it answers, and it is in no transaction.
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
final class LendableConnection implements Connection, Wrapped<Connection> {

    /** Key of the context of who borrows a connection that need not be tested. */
    static final String UNTESTED = "postfeed.untested";

    /** As HikariCP's. */
    private static final Duration MOMENT = Duration.ofMillis(500);

    private final Connection connection;
    private volatile long givenBack;

    /** Whether one was begun, and has not ended as far as we know. */
    private volatile boolean inTransaction;

    /** Whether that is being rolled back: what who began it sends now would come after it. */
    private volatile boolean givenUp;

    LendableConnection(Connection connection) {
        this.connection = connection;
        this.givenBack = System.nanoTime(); // Just opened.
    }

    /** Nobody uses it from now on. */
    void givenBack() {
        givenBack = System.nanoTime();
    }

    /** Before it is lent, and when it is given back. */
    @Override
    public Publisher<Boolean> validate(ValidationDepth depth) {
        return Mono.deferContextual(context -> {
            boolean spared = context.hasKey(UNTESTED) && System.nanoTime() - givenBack < MOMENT.toNanos();
            Mono<Boolean> valid = Mono.from(connection.validate(spared ? ValidationDepth.LOCAL : depth));
            return inTransaction ? rollback().then(valid) : valid;
        });
    }

    @Override
    public Publisher<Void> beginTransaction() {
        return begin(connection.beginTransaction());
    }

    @Override
    public Publisher<Void> beginTransaction(TransactionDefinition definition) {
        return begin(connection.beginTransaction(definition));
    }

    @Override
    public Publisher<Void> commitTransaction() {
        return end(connection.commitTransaction());
    }

    @Override
    public Publisher<Void> rollbackTransaction() {
        return end(connection.rollbackTransaction());
    }

    private Mono<Void> begin(Publisher<Void> begin) {
        return Mono.from(begin).doOnSubscribe(begins -> inTransaction = true);
    }

    private Mono<Void> end(Publisher<Void> end) {
        return Mono.from(end).doOnSuccess(ended -> inTransaction = false);
    }

    /** In the queue behind all that was sent, whatever the driver knows of it. */
    private Mono<Void> rollback() {
        givenUp = true;
        return Flux.from(connection.createStatement("ROLLBACK").execute())
                .flatMap(Result::getRowsUpdated)
                .then()
                .doOnSuccess(ended -> {
                    inTransaction = false;
                    givenUp = false;
                });
    }

    @Override
    public Connection unwrap() {
        return connection;
    }

    @Override
    public Publisher<Void> close() {
        return connection.close();
    }

    @Override
    public Batch createBatch() {
        return connection.createBatch();
    }

    @Override
    public Publisher<Void> createSavepoint(String name) {
        return connection.createSavepoint(name);
    }

    @Override
    public Statement createStatement(String sql) {
        if (givenUp) {
            throw new IllegalStateException("the transaction was given up");
        }
        return connection.createStatement(sql);
    }

    @Override
    public boolean isAutoCommit() {
        return connection.isAutoCommit();
    }

    @Override
    public ConnectionMetadata getMetadata() {
        return connection.getMetadata();
    }

    @Override
    public IsolationLevel getTransactionIsolationLevel() {
        return connection.getTransactionIsolationLevel();
    }

    @Override
    public Publisher<Void> releaseSavepoint(String name) {
        return connection.releaseSavepoint(name);
    }

    @Override
    public Publisher<Void> rollbackTransactionToSavepoint(String name) {
        return connection.rollbackTransactionToSavepoint(name);
    }

    @Override
    public Publisher<Void> setAutoCommit(boolean autoCommit) {
        return connection.setAutoCommit(autoCommit);
    }

    @Override
    public Publisher<Void> setLockWaitTimeout(Duration timeout) {
        return connection.setLockWaitTimeout(timeout);
    }

    @Override
    public Publisher<Void> setStatementTimeout(Duration timeout) {
        return connection.setStatementTimeout(timeout);
    }

    @Override
    public Publisher<Void> setTransactionIsolationLevel(IsolationLevel level) {
        return connection.setTransactionIsolationLevel(level);
    }
}
