package dev.postfeed.web;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the binary format of COPY: each begins with {@link #row}, then come its columns. Nothing in it needs escaping.
 * The columns of the table are to have just these types: COPY converts none.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, Binary Format</a>
 */
public final class CopyRows {

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int FLAGS_AND_EXTENSION = 2 * Integer.BYTES;
    private static final int NULL = -1;
    private static final int END = -1;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 18);
    private final ByteBuffer number = ByteBuffer.allocate(Integer.BYTES + Long.BYTES);

    public CopyRows() {
        bytes.writeBytes(SIGNATURE);
        bytes.writeBytes(new byte[FLAGS_AND_EXTENSION]);
    }

    /** Begins a row of so many columns. */
    public CopyRows row(int columns) {
        write(number.clear().putShort((short) columns));
        return this;
    }

    /** A bigint. */
    public CopyRows add(@Nullable Long value) {
        if (value == null) {
            write(number.clear().putInt(NULL));
        } else {
            write(number.clear().putInt(Long.BYTES).putLong(value));
        }
        return this;
    }

    /** A text. */
    public CopyRows add(@Nullable String value) {
        if (value == null) {
            write(number.clear().putInt(NULL));
        } else {
            byte[] text = value.getBytes(StandardCharsets.UTF_8);
            write(number.clear().putInt(text.length));
            bytes.writeBytes(text);
        }
        return this;
    }

    /** All of them; none can follow. */
    public byte[] toBytes() {
        write(number.clear().putShort((short) END));
        return bytes.toByteArray();
    }

    private void write(ByteBuffer written) {
        bytes.write(written.array(), 0, written.position());
    }
}
