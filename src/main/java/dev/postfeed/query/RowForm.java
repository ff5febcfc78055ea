package dev.postfeed.query;

/** How PostgreSQL writes a row: always one text column, so that nothing on the way takes it apart again. */
public enum RowForm {
    /** A compact JSON object without a line end in it. */
    JSON,
    /** A record of RFC 4180 without its line end; null is nothing at all, the empty text is {@code ""}. */
    CSV
}
