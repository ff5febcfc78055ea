package dev.postfeed.web;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A page of a list as a JSON array, bounded by rows and by bytes: a thousand posts of a mebibyte must not become a
 * gibibyte in memory. It has one row at least, and knows whether there is another.
 */
final class JsonPage {

    private final int limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int rows;
    private long lastId;
    private boolean more;

    /** @param limit rows at most */
    JsonPage(int limit) {
        this.limit = limit;
        bytes.write('[');
    }

    /** Adds a row, or notes that there is one more than the page has room for; of no meaning after that. */
    void add(long id, byte[] row) {
        if (more || rows == limit || (rows > 0 && bytes.size() + row.length > RowRepository.PAGE_BYTES)) {
            more = true;
            return;
        }
        if (rows > 0) {
            bytes.write(',');
        }
        bytes.writeBytes(row);
        rows++;
        lastId = id;
    }

    /** Whether there may be a row after the last of this page. */
    boolean hasMore() {
        return more || bytes.size() > RowRepository.PAGE_BYTES;
    }

    long lastId() {
        return lastId;
    }

    byte[] toBytes() {
        bytes.writeBytes("]".getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }
}
