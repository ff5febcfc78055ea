package dev.postfeed.query;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is asked for: the rows after an id, at most so many.
 *
 * @param scope what the list is of; a cursor is good for one scope only
 * @param after rows with a greater id; 0 for the first page
 * @param limit 1 to {@value #MAX_LIMIT}
 */
public record PageRequest(String scope, long after, int limit) {

    public static final int DEFAULT_LIMIT = 100;
    public static final int MAX_LIMIT = 1000;

    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,3}");

    /** The parameters that a page understands. */
    public static final Set<String> PARAMETERS = Set.of("limit", "cursor");

    /**
     * Reads the page's parameters.
     *
     * @throws InvalidParameterException for a limit that is out of range, or a cursor that is not of this scope
     */
    public static PageRequest of(String scope, Parameters parameters) {
        String cursor = parameters.get("cursor");
        return new PageRequest(
                scope, cursor == null ? 0 : Cursor.parse(cursor, scope).after(), limit(parameters.get("limit")));
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        if (LIMIT.matcher(text).matches()) {
            int limit = Integer.parseInt(text);
            if (limit <= MAX_LIMIT) {
                return limit;
            }
        }
        throw new InvalidParameterException("limit", "must be an integer from 1 to " + MAX_LIMIT);
    }

    /** The query string of the page that starts after a row. */
    public String next(long lastId) {
        return "limit=" + limit + "&cursor=" + new Cursor(scope, lastId).format();
    }
}
