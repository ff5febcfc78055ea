package dev.postfeed.database;

import io.r2dbc.spi.Result;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.RowMetadata;
import io.r2dbc.spi.Statement;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * {@code copy … from stdin} as a statement with one value, the bytes of all rows. Its result is their number.
 *
 * <p>Whoever is cancelled leaves it to its end: r2dbc-postgresql 1.1.1, when its COPY is cancelled before the connection has
 * taken up the messages, sends CopyFail alone. PostgreSQL ignores that outside of COPY, the next statement's answer is taken
 * for this one's, and a rollback behind it never ends.
 */
final class CopyStatement implements Statement {

    private static final String COPY = "copy ";

    private final Mono<Long> copied;
    private byte @Nullable [] rows;

    CopyStatement(LendableConnection connection, LendingGate gate, String sql) {
        this.copied = gate.pass(Mono.defer(() -> connection.copy(sql, taken())));
    }

    /** Once: the statement is kept for as long as its transaction, the rows need not be. */
    private byte[] taken() {
        byte[] taken = Objects.requireNonNull(rows, "the rows are not bound");
        rows = null;
        return taken;
    }

    static boolean understands(String sql) {
        return sql.startsWith(COPY);
    }

    @Override
    public Statement bind(int index, Object value) {
        if (index != 0 || !(value instanceof byte[] bytes)) {
            throw new IllegalArgumentException("the only value of COPY is a byte[]");
        }
        rows = bytes;
        return this;
    }

    @Override
    public Publisher<? extends Result> execute() {
        return Mono.just(new Copied(copied));
    }

    @Override
    public Statement add() {
        throw unsupported();
    }

    @Override
    public Statement bind(String name, Object value) {
        throw unsupported();
    }

    @Override
    public Statement bindNull(int index, Class<?> type) {
        throw unsupported();
    }

    @Override
    public Statement bindNull(String name, Class<?> type) {
        throw unsupported();
    }

    private static UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException("COPY has one value and answers with a number");
    }

    private record Copied(Mono<Long> number) implements Result {

        @Override
        public Publisher<Long> getRowsUpdated() {
            return number;
        }

        @Override
        public <T> Publisher<T> map(BiFunction<Row, RowMetadata, ? extends T> mapping) {
            throw unsupported();
        }

        @Override
        public Result filter(Predicate<Segment> filter) {
            throw unsupported();
        }

        @Override
        public <T> Publisher<T> flatMap(Function<Segment, ? extends Publisher<? extends T>> mapping) {
            throw unsupported();
        }
    }
}
