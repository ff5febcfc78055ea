package dev.postfeed.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postfeed.query.PlainRow;
import dev.postfeed.query.PlainRow.Field;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/** Writes rows as JSON while the driver has them: no operator of the way from there to the client runs for each row. */
final class JsonRows {

    /** It escapes what PostgreSQL does where that writes JSON, and as that does. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .rootValueSeparator((String) null)
            .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES, JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .build();

    private final PlainRow columns;
    private final int offset;
    private final RowBuffer buffer;
    private final JsonGenerator json;

    /** Of a bigint, and a minus. */
    private final char[] digits = new char["-9223372036854775808".length()];

    /** Of the selection, each encoded once. */
    private final SerializableString[] names;

    /** @param offset how many columns there are before these */
    JsonRows(PlainRow columns, int offset, RowBuffer buffer) {
        this.columns = columns;
        this.offset = offset;
        this.buffer = buffer;
        this.names = columns.columns().stream()
                .limit(columns.selected())
                .map(field -> new SerializedString(field.name()))
                .toArray(SerializableString[]::new);
        this.json = JSON.createGenerator(ObjectWriteContext.empty(), buffer.out());
    }

    /** Gives what it has allocated to the next one. */
    void close() {
        json.close();
    }

    RowBuffer add(Readable row) {
        byte[] @Nullable [] values = new byte[columns.columns().size()][];
        buffer.add(() -> write(row, values), () -> key(values));
        return buffer;
    }

    private void write(Readable row, byte[] @Nullable [] values) {
        json.writeStartObject();
        for (int i = 0; i < values.length; i++) {
            byte[] value = row.get(offset + i, byte[].class);
            values[i] = value; // For its key: when that is asked for, the row is no longer there.
            if (i < names.length) {
                json.writeName(names[i]);
                write(value, columns.columns().get(i));
            }
        }
        json.writeEndObject();
        json.flush();
    }

    /** The bytes that PostgreSQL has sent, wherever clients get the same. */
    private void write(byte @Nullable [] value, Field field) {
        if (value == null) {
            json.writeNull();
        } else if (field.isInteger()) {
            for (int i = 0; i < value.length; i++) {
                digits[i] = (char) value[i];
            }
            json.writeNumber(digits, 0, value.length);
        } else {
            byte[] text = field.text(value);
            json.writeUTF8String(text, 0, text.length);
        }
    }

    private List<@Nullable String> key(byte[] @Nullable [] values) {
        List<@Nullable String> key = new ArrayList<>(columns.key().size());
        for (int i : columns.key()) {
            byte[] value = values[i];
            key.add(value == null ? null : columns.columns().get(i).key(new String(value, UTF_8)));
        }
        return key;
    }
}
