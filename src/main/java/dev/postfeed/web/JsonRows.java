package dev.postfeed.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postfeed.query.PlainRow;
import dev.postfeed.query.PlainRow.Field;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
        @Nullable Object[] values = new Object[columns.columns().size()];
        buffer.add(() -> write(row, values), () -> key(values));
        return buffer;
    }

    private void write(Readable row, @Nullable Object[] values) {
        json.writeStartObject();
        for (int i = 0; i < values.length; i++) {
            Field field = columns.columns().get(i);
            Object value = row.get(offset + i, type(field));
            values[i] = value; // For its key: when that is asked for, the row is no longer there.
            if (i < names.length) {
                json.writeName(names[i]);
                write(value, field);
            }
        }
        json.writeEndObject();
        json.flush();
    }

    /** Text that stays as it is stays the bytes that PostgreSQL has sent. */
    private static Class<?> type(Field field) {
        if (field.isInteger()) {
            return Long.class;
        }
        return field.isPlainText() ? byte[].class : String.class;
    }

    private void write(@Nullable Object value, Field field) {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof byte[] text) {
            json.writeUTF8String(text, 0, text.length);
        } else {
            json.writeString(field.text((String) value));
        }
    }

    private List<@Nullable String> key(@Nullable Object[] values) {
        List<@Nullable String> key = new ArrayList<>(columns.key().size());
        for (int i : columns.key()) {
            Object value = values[i];
            String text = value instanceof byte[] bytes ? new String(bytes, UTF_8) : Objects.toString(value, null);
            key.add(text == null ? null : columns.columns().get(i).key(text));
        }
        return key;
    }
}
