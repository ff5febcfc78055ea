package dev.postfeed.query;

import java.util.List;

/**
 * Rows of the other table within a row.
 *
 * @param name as the client wrote it
 * @param of where the rows come from
 */
record Embedding(String name, Table of, List<Column> columns) implements Selected {}
