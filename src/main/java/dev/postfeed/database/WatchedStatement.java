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
final class WatchedStatement implements Statement {

    private final Statement statement;
    private final LendableConnection connection;

    WatchedStatement(Statement statement, LendableConnection connection) {
        this.statement = statement;
        this.connection = connection;
    }

    @Override
    public Publisher<? extends Result> execute() {
        return connection.<Result>watch(statement.execute()).map(result -> new WatchedResult(result, connection));
    }

    @Override
    public Statement add() {
        statement.add();
        return this;
    }

    @Override
    public Statement bind(int index, Object value) {
        statement.bind(index, value);
        return this;
    }

    @Override
    public Statement bind(String name, Object value) {
        statement.bind(name, value);
        return this;
    }

    @Override
    public Statement bindNull(int index, Class<?> type) {
        statement.bindNull(index, type);
        return this;
    }

    @Override
    public Statement bindNull(String name, Class<?> type) {
        statement.bindNull(name, type);
        return this;
    }

    @Override
    public Statement returnGeneratedValues(String... columns) {
        statement.returnGeneratedValues(columns);
        return this;
    }

    @Override
    public Statement fetchSize(int rows) {
        statement.fetchSize(rows);
        return this;
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
