package dev.postfeed.query;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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

    /**
     * Several statements of {@link ListQuery#shortRows} as one. Its columns: which of them the row is of, from 1, a bigint;
     * then theirs. The rows are in this order.
     *
     * @param statements of the same text
     */
    public static SqlStatement together(List<SqlStatement> statements) {
        SqlStatement first = statements.get(0);
        List<Object> arrays = IntStream.range(0, first.binds.size())
                .mapToObj(i -> array(statements.stream()
                        .map(statement -> statement.binds.get(i))
                        .toList()))
                .toList();
        String given = IntStream.range(0, arrays.size())
                .mapToObj(i -> "$" + (i + 1) + (arrays.get(i) instanceof Long[] ? "::bigint[]" : "::text[]"))
                .collect(Collectors.joining(", "));
        String names = IntStream.rangeClosed(1, arrays.size())
                .mapToObj(i -> "b" + i + ", ")
                .collect(Collectors.joining());
        String sql = "select r.n, page.* from unnest(" + given + ") with ordinality r(" + names
                + "n) cross join lateral (" + first.sql.replaceAll("\\$([0-9]+)", "r.b$1")
                + ") page order by r.n, page.place";
        return new SqlStatement(sql, arrays);
    }

    /** Arrays are compared by what is in them. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SqlStatement statement
                && statement.sql.equals(sql)
                && Arrays.deepEquals(statement.binds.toArray(), binds.toArray());
    }

    @Override
    public int hashCode() {
        return 31 * sql.hashCode() + Arrays.deepHashCode(binds.toArray());
    }

    private static Object array(List<Object> values) {
        return values.get(0) instanceof Long ? values.toArray(Long[]::new) : values.toArray(String[]::new);
    }
}
