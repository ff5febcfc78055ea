package dev.postfeed.query;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a page or a chunk ended.
 *
 * @param key of its last row: the key columns of the result as text, null for SQL's null
 * @param rows given so far in this walk, at least 0
 */
public record Position(List<@Nullable String> key, long rows) {

    public Position {
        key = Collections.unmodifiableList(new ArrayList<>(key)); // List.copyOf refuses nulls
    }
}
