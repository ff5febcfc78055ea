package dev.postfeed.database;

import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import org.reactivestreams.Publisher;

/** A statement whose parameters are {@link HeapParameter}s. */
class HeapStatement implements Statement {

    private final Statement statement;

    HeapStatement(Statement statement) {
        this.statement = statement;
    }

    @Override
    public Publisher<? extends Result> execute() {
        return statement.execute();
    }

    @Override
    public Statement add() {
        statement.add();
        return this;
    }

    @Override
    public Statement bind(int index, Object value) {
        statement.bind(index, new HeapParameter(value));
        return this;
    }

    @Override
    public Statement bind(String name, Object value) {
        statement.bind(name, new HeapParameter(value));
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
}
