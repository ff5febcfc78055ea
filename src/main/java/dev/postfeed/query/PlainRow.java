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

    /** A column: its value is a bigint or a text, or null. */
    public static final class Field {

        private final Column column;

        Field(Column column) {
            this.column = column;
        }

        /** Its name in the answer. */
        public String name() {
            return column.name();
        }

        /** Whether its value is a bigint, and otherwise a text. */
        public boolean isInteger() {
            return column.type() == ColumnType.BIGINT;
        }

        /** Whether clients get its text as it is. */
        public boolean isPlainText() {
            return column.type() == ColumnType.TEXT;
        }

        /** A text as clients get it. */
        public String text(String value) {
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

        /** A text, or the digits of a bigint, as a {@link Position} has it. */
        public String key(String value) {
            return column.keyOf(value);
        }
    }
}
