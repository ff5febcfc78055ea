package dev.postfeed.database;

import io.r2dbc.spi.Batch;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.TransactionDefinition;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * A connection for as long as it is lent to one borrower. Whoever is cancelled gives it back on one thread while he goes on
 * on another, and r2dbc-pool takes it for given back only when that is done, or twice: here nothing is begun, made or ended
 * after that, and it is done once. Understands {@link CopyStatement}.
 */
final class LentConnection extends DelegatingConnection {

    private final LendingGate gate = new LendingGate();

    LentConnection(Connection connection) {
        super(connection);
    }

    /** What was started is in the connection's queue when the pool sees to it. */
    @Override
    public Publisher<Void> close() {
        return Mono.defer(() -> gate.shut() ? Mono.from(super.close()) : Mono.empty());
    }

    @Override
    public Publisher<Void> beginTransaction() {
        return pass(() -> super.beginTransaction());
    }

    @Override
    public Publisher<Void> beginTransaction(TransactionDefinition definition) {
        return pass(() -> super.beginTransaction(definition));
    }

    @Override
    public Publisher<Void> commitTransaction() {
        return pass(() -> super.commitTransaction());
    }

    @Override
    public Publisher<Void> rollbackTransaction() {
        return pass(() -> super.rollbackTransaction());
    }

    @Override
    public Statement createStatement(String sql) {
        if (CopyStatement.understands(sql)) {
            return new CopyStatement(unwrap(LendableConnection.class), gate, sql);
        }
        gate.check();
        return super.createStatement(sql);
    }

    @Override
    public Batch createBatch() {
        gate.check();
        return super.createBatch();
    }

    private Mono<Void> pass(Supplier<Publisher<Void>> exchange) {
        return gate.pass(Mono.defer(() -> Mono.from(exchange.get())));
    }
}
