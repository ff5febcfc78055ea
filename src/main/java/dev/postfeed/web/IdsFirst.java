package dev.postfeed.web;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.util.List;

/**
 * New rows in two statements: the first one draws their ids, in their order, for those that can be stored; the second one
 * stores them.
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

    /**
     * For each of the bodies, in their order, its row with its id, as stored but for what the database adds, or why there
     * is none.
     */
    List<Written<R>> drawn(Readable row, List<B> bodies);

    /** @param rows one or more that were drawn */
    Statement store(Connection connection, List<R> rows);
}
