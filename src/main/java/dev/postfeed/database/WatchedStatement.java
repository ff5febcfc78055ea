package dev.postfeed.database;

import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.RowMetadata;
import io.r2dbc.spi.Statement;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.reactivestreams.Publisher;

/** A statement whose execution is watched: the driver begins it when its result is asked for. */
final class WatchedStatement extends HeapStatement {

    private final LendableConnection connection;

    WatchedStatement(Statement statement, LendableConnection connection) {
        super(statement);
        this.connection = connection;
    }

    @Override
    public Publisher<? extends Result> execute() {
        return connection.<Result>watch(super.execute()).map(result -> new WatchedResult(result, connection));
    }

    private record WatchedResult(Result result, LendableConnection connection) implements Result {

        @Override
        public Publisher<Long> getRowsUpdated() {
            return connection.watch(result.getRowsUpdated());
        }

        @Override
        public <T> Publisher<T> map(BiFunction<Row, RowMetadata, ? extends T> mapping) {
            return connection.watch(result.map(mapping));
        }

        @Override
        public <T> Publisher<T> map(Function<? super Readable, ? extends T> mapping) {
            return connection.watch(result.map(mapping));
        }

        @Override
        public Result filter(Predicate<Segment> filter) {
            return new WatchedResult(result.filter(filter), connection);
        }

        @Override
        public <T> Publisher<T> flatMap(Function<Segment, ? extends Publisher<? extends T>> mapping) {
            return connection.watch(result.flatMap(mapping));
        }
    }
}
