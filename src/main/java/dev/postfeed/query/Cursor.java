package dev.postfeed.query;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;

/**
 * Where a page ended, opaque to clients. It holds the last id and a checksum over that and the scope, so that a cursor
 * of another list, or one made up, is refused instead of giving a wrong page.
 *
 * @param scope what the list is of
 * @param after the last id of the page before
 */
record Cursor(String scope, long after) {

    private static final int LENGTH = Long.BYTES + Integer.BYTES;

    static Cursor parse(String text, String scope) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (bytes.remaining() == LENGTH) {
                Cursor cursor = new Cursor(scope, bytes.getLong());
                if (cursor.after >= 0 && bytes.getInt() == cursor.checksum()) {
                    return cursor;
                }
            }
        } catch (IllegalArgumentException e) {
            // Not Base64: the same answer as below.
        }
        throw new InvalidParameterException(
                "cursor", "is not a cursor of this list; take it from the Link header of the page before");
    }

    String format() {
        byte[] bytes =
                ByteBuffer.allocate(LENGTH).putLong(after).putInt(checksum()).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private int checksum() {
        CRC32 crc = new CRC32();
        crc.update(scope.getBytes(StandardCharsets.UTF_8));
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(after).flip());
        return (int) crc.getValue();
    }
}
