package dev.postfeed.web;

import dev.postfeed.query.PlainRow;
import dev.postfeed.query.Position;
import dev.postfeed.query.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a list, to be read; equal ones are the same bytes.
 *
 * @param together whether its statement can go together with others of the same text
 * @param plain what its columns are; null where the first one is the row's text
 * @param keyColumns of a row, behind its text
 * @param counted whether the number of all rows of the list follows them
 * @param start after which it is
 * @param limit rows at most
 * @param bytes about how many at most
 * @param delimiter follows each row
 * @param prefix comes before the first
 */
record ListPart(
        SqlStatement sql,
        boolean together,
        @Nullable PlainRow plain,
        int keyColumns,
        boolean counted,
        @Nullable Position start,
        int limit,
        int bytes,
        String delimiter,
        String prefix) {

    /** What one statement can read has equal ones. */
    Object kind() {
        return together ? sql.sql() : this;
    }

    ListPart byItself() {
        return new ListPart(sql, false, plain, keyColumns, counted, start, limit, bytes, delimiter, prefix);
    }

    RowBuffer buffer() {
        return new RowBuffer(start, limit, bytes, delimiter).text(prefix);
    }
}
