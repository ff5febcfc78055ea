package dev.postfeed.query;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Position} in an address, opaque to clients: a checksum over all that follows and the scope, so that a cursor
 * of another list, or one made up, is refused instead of giving a wrong page; then the rows given so far, and the key.
 */
final class KeysetCursor {

    /** In place of a length: null. */
    private static final int NULL = -1;

    private KeysetCursor() {}

    static String format(Position position, String scope) {
        List<byte @Nullable []> values = new ArrayList<>();
        int length = Integer.BYTES + Long.BYTES;
        for (String text : position.key()) {
            byte[] value = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
            values.add(value);
            length += Integer.BYTES + (value == null ? 0 : value.length);
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).putInt(0).putLong(position.rows());
        for (byte[] value : values) {
            bytes.putInt(value == null ? NULL : value.length);
            if (value != null) {
                bytes.put(value);
            }
        }
        bytes.putInt(0, checksum(bytes.array(), scope));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /**
     * Reads a cursor; what comes out is fit for a statement even if somebody forged it.
     *
     * @throws InvalidParameterException where it is none of this scope and order
     */
    static Position parse(String text, String scope, Order order) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (bytes.getInt() == checksum(bytes.array(), scope)) {
                Position position = read(bytes, order);
                // Base64 can be written in more than one way.
                if (position != null && format(position, scope).equals(text)) {
                    return position;
                }
            }
        } catch (IllegalArgumentException | BufferUnderflowException | CharacterCodingException e) {
            // Not Base64, too short, or not UTF-8: the same answer as below.
        }
        throw new InvalidParameterException(
                "cursor",
                "is not a cursor of this list; take it from the Link header of the page before, with the same"
                        + " filters and order");
    }

    private static @Nullable Position read(ByteBuffer bytes, Order order) throws CharacterCodingException {
        long rows = bytes.getLong();
        List<@Nullable String> key = new ArrayList<>();
        for (OrderTerm term : order.terms()) {
            String value = value(bytes);
            if (value == null ? !term.column().nullable() : term.column().type().readKey(value) == null) {
                return null;
            }
            key.add(value);
        }
        return rows >= 0 && !bytes.hasRemaining() ? new Position(key, rows) : null;
    }

    private static @Nullable String value(ByteBuffer bytes) throws CharacterCodingException {
        int length = bytes.getInt();
        if (length == NULL) {
            return null;
        }
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer value = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return StandardCharsets.UTF_8.newDecoder().decode(value).toString();
    }

    private static int checksum(byte[] cursor, String scope) {
        CRC32 crc = new CRC32();
        crc.update(scope.getBytes(StandardCharsets.UTF_8));
        crc.update(cursor, Integer.BYTES, cursor.length - Integer.BYTES);
        return (int) crc.getValue();
    }
}
