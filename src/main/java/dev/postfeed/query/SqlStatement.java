package dev.postfeed.query;

import java.util.List;

/**
 * A statement and its values. Nothing of what a client sent is in the text, but for how many rows.
 *
 * @param sql with {@code $1}, {@code $2}, ...
 * @param binds the value of {@code $1} first: each a Long, a String, a Long[] or a String[]
 */
public record SqlStatement(String sql, List<Object> binds) {

    public SqlStatement {
        binds = List.copyOf(binds);
    }
}
