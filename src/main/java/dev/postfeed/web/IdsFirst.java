package dev.postfeed.web;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.util.List;

/**
 * New rows in two statements: the first one draws their ids, in their order, for those that can be stored; the second one
 * stores them: COPY takes PostgreSQL a fifth less than INSERT of as many rows from arrays, but is not always the same.
 *
 * @param <R> the row
 * @param <B> its body
 */
public interface IdsFirst<R, B> {

    /**
     * Draws ids; one row, which {@link #drawn} understands.
     *
     * @param lockTimeout for the transaction
     */
    Statement draw(Connection connection, List<B> bodies, WriteMode mode, String lockTimeout);

    Drawn<R> drawn(Readable row, List<B> bodies);

    /**
     * A COPY.
     *
     * @param rows one or more that were drawn
     */
    Statement copy(Connection connection, List<R> rows);

    /**
     * An INSERT.
     *
     * @param rows one or more that were drawn
     */
    Statement store(Connection connection, List<R> rows);
}
