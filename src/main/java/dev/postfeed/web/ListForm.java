package dev.postfeed.web;

import dev.postfeed.query.ListQuery;
import dev.postfeed.query.RowForm;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;

/** The forms of a list, the preferred one first. */
enum ListForm {
    /** A page as an array. */
    JSON(MediaType.APPLICATION_JSON, RowForm.JSON, ","),
    /** Every row on a line of its own. */
    NDJSON(IngestHandler.NDJSON, RowForm.JSON, "\n"),
    /** The same under its newer name. */
    JSONL(IngestHandler.JSONL, RowForm.JSON, "\n"),
    /** Lines as RFC 4180 has them, the first one with the columns' names. */
    CSV(new MediaType("text", "csv", StandardCharsets.UTF_8), RowForm.CSV, "\r\n");

    private final MediaType mediaType;
    private final RowForm rowForm;
    private final String delimiter;

    ListForm(MediaType mediaType, RowForm rowForm, String delimiter) {
        this.mediaType = mediaType;
        this.rowForm = rowForm;
        this.delimiter = delimiter;
    }

    MediaType mediaType() {
        return mediaType;
    }

    RowForm rowForm() {
        return rowForm;
    }

    /** What comes before the rows. */
    String prefix(ListQuery query) {
        return switch (this) {
            case JSON -> "[";
            case NDJSON, JSONL -> "";
            case CSV -> query.csvHeader() + delimiter;
        };
    }

    /** What follows each row. */
    String delimiter() {
        return delimiter;
    }
}
