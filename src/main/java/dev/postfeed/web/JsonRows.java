package dev.postfeed.web;

import dev.postfeed.query.PlainRow;
import dev.postfeed.query.PlainRow.Field;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
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

    /** Of the selection of the row that was written last. */
    private final @Nullable Object[] values;

    /** @param offset how many columns there are before these */
    JsonRows(PlainRow columns, int offset, RowBuffer buffer) {
        this.columns = columns;
        this.offset = offset;
        this.buffer = buffer;
        this.values = new Object[columns.selected()];
        this.json = JSON.createGenerator(ObjectWriteContext.empty(), buffer.out());
    }

    /** Gives what it has allocated to the next one. */
    void close() {
        json.close();
    }

    RowBuffer add(Readable row) {
        buffer.add(() -> write(row), () -> key(row));
        return buffer;
    }

    private void write(Readable row) {
        json.writeStartObject();
        for (int i = 0; i < columns.selected(); i++) {
            Field field = columns.columns().get(i);
            json.writeName(field.name());
            if (field.isInteger()) {
                Long value = row.get(offset + i, Long.class);
                write(value);
                values[i] = value;
            } else {
                String value = row.get(offset + i, String.class);
                json.writeString(value == null ? null : field.text(value));
                values[i] = value;
            }
        }
        json.writeEndObject();
        json.flush();
    }

    private void write(@Nullable Long value) {
        if (value == null) {
            json.writeNull();
        } else {
            json.writeNumber(value);
        }
    }

    private List<@Nullable String> key(Readable row) {
        List<@Nullable String> key = new ArrayList<>(columns.key().size());
        for (int i : columns.key()) {
            Field field = columns.columns().get(i);
            Object value = i < values.length ? values[i] : row.get(offset + i);
            key.add(value == null ? null : field.key(value.toString()));
        }
        return key;
    }
}
