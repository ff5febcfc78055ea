package dev.postfeed.web;

import dev.postfeed.query.Position;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a list as the bytes of an answer, bounded by rows and by bytes: a thousand posts of a mebibyte must not become
 * a gibibyte in memory. It takes one row at least, and knows whether there may be another.
 */
final class RowBuffer {

    private final int maxRows;
    private final int maxBytes;
    private final byte[] delimiter;
    private final long before;
    private final Bytes bytes = new Bytes();

    private int rows;
    private Supplier<List<@Nullable String>> lastKey = List::of;
    private boolean more;

    /** Bytes of the row that did not fit; 0 where all did. */
    private int leftOut;

    /** Of all the rows of the list, where it was asked for. */
    private @Nullable Long total;

    /**
     * @param start after which the rows are
     * @param delimiter follows each row
     */
    RowBuffer(@Nullable Position start, int maxRows, int maxBytes, String delimiter) {
        this.before = start == null ? 0 : start.rows();
        this.maxRows = maxRows;
        this.maxBytes = maxBytes;
        this.delimiter = delimiter.getBytes(StandardCharsets.UTF_8);
    }

    /** Text that is no row. */
    RowBuffer text(String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Where a row writes itself. */
    OutputStream out() {
        return bytes;
    }

    /**
     * Adds a row, or notes that there is one more than fits; of no meaning after that.
     *
     * @param write writes it to {@link #out}
     * @param key asked for when there are no more rows, if at all
     */
    void add(Runnable write, Supplier<List<@Nullable String>> key) {
        if (more || rows == maxRows) {
            more = true;
            return;
        }
        int end = bytes.size();
        write.run();
        if (rows > 0 && bytes.size() > maxBytes) {
            leftOut = bytes.size() - end;
            bytes.truncate(end);
            more = true;
            return;
        }
        bytes.writeBytes(delimiter);
        rows++;
        lastKey = key;
    }

    /** Whether there is a row that did not fit the bytes: no other one will. */
    boolean isFull() {
        return leftOut > 0;
    }

    /** About how many bytes are still to come when it is full. */
    long expectedRest() {
        return (long) (maxRows - rows) * Math.max(leftOut, bytes.size() / rows);
    }

    void total(long total) {
        this.total = total;
    }

    @Nullable
    Long total() {
        return total;
    }

    /** Rows of the list before these. */
    long before() {
        return before;
    }

    int rows() {
        return rows;
    }

    int size() {
        return bytes.size();
    }

    /** Nothing here and nothing before. */
    boolean isEmptyList() {
        return before + rows == 0;
    }

    /** Whether a row was left out, or there are so many bytes that there may be others which were not read. */
    boolean isCut() {
        return more || bytes.size() > maxBytes;
    }

    /** Where the last row is; of no meaning when there is none. */
    Position last() {
        return new Position(lastKey.get(), before + rows);
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    /** The bytes of rows that follow a {@code [} and have commas for delimiters. */
    byte[] toArray() {
        byte[] array = rows == 0 ? Arrays.copyOf(bytes.toByteArray(), bytes.size() + 1) : bytes.toByteArray();
        array[array.length - 1] = ']';
        return array;
    }

    private static final class Bytes extends ByteArrayOutputStream {

        Bytes() {
            super(1024);
        }

        void truncate(int size) {
            count = size;
        }
    }
}
