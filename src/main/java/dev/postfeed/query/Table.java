package dev.postfeed.query;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tables that a client may ask: their columns, relation and indexes. What is not here is not in any statement. */
public enum Table {
    USERS(
            List.of("posts"),
            new Column("id", ColumnType.BIGINT, false, true),
            new Column("name", ColumnType.TEXT, false, false),
            new Column("email", ColumnType.TEXT, false, true),
            new Column("created_at", ColumnType.TIMESTAMPTZ, false, false)),
    POSTS(
            List.of("author", "users"),
            new Column("id", ColumnType.BIGINT, false, true),
            new Column("title", ColumnType.TEXT, false, false),
            new Column("content", ColumnType.TEXT, true, false),
            new Column("user_id", ColumnType.BIGINT, true, false),
            new Column("created_at", ColumnType.TIMESTAMPTZ, false, false));

    /** Of both tables: columns whose equal rows an index has in id order. */
    private static final Set<String> INDEXED_BEFORE_ID = Set.of("user_id", "created_at");

    private final List<String> embeddings;
    private final List<Column> columns;

    Table(List<String> embeddings, Column... columns) {
        this.embeddings = embeddings;
        this.columns = List.copyOf(Arrays.asList(columns));
    }

    String sqlName() {
        return this == USERS ? "users" : "posts";
    }

    /** The table whose rows a row may hold. */
    Table other() {
        return this == USERS ? POSTS : USERS;
    }

    /** The names that {@link #other} has in a selection; the first is the usual one. */
    List<String> embeddings() {
        return embeddings;
    }

    List<Column> columns() {
        return columns;
    }

    Column id() {
        return columns.get(0);
    }

    @Nullable
    Column find(String name) {
        for (Column column : columns) {
            if (column.name().equals(name)) {
                return column;
            }
        }
        return null;
    }

    Column column(String name) {
        return Objects.requireNonNull(find(name), name);
    }

    String columnNames() {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    /** Whether an index has the rows of one value of a column in the order of others. */
    boolean hasIndex(Column column, Stream<Column> order) {
        return INDEXED_BEFORE_ID.contains(column.name()) && order.toList().equals(List.of(id()));
    }
}
