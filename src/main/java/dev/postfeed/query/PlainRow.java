package dev.postfeed.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a statement of {@link ListQuery#plainRows}: those of the selection, then others that tell the position.
 *
 * @param columns all of them
 * @param selected how many of them are the selection
 * @param key of {@link Position#key()}: which columns they are, from 0
 */
public record PlainRow(List<Field> columns, int selected, List<Integer> key) {

    static PlainRow of(Selection selection, Order order) {
        List<Column> columns = ListSql.plainColumns(selection, order);
        return new PlainRow(
                columns.stream().map(Field::new).toList(),
                selection.columns().size(),
                order.terms().stream()
                        .map(term -> columns.indexOf(term.column()))
                        .toList());
    }

    /** A column: its values are what PostgreSQL has written, in UTF-8, where the session's DateStyle is ISO; or null. */
    public static final class Field {

        private final Column column;

        Field(Column column) {
            this.column = column;
        }

        /** Its name in the answer. */
        public String name() {
            return column.name();
        }

        /** Whether clients get a number, and otherwise a string. */
        public boolean isInteger() {
            return column.type() == ColumnType.BIGINT;
        }

        /** A value as clients get it; the same array where nothing is to be changed. */
        public byte[] text(byte[] value) {
            return column.type().textOf(value);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Field field && field.column.equals(column);
        }

        @Override
        public int hashCode() {
            return column.hashCode();
        }

        /** A value as a {@link Position} has it. */
        public String key(String value) {
            return column.keyOf(value);
        }
    }
}
