package dev.postfeed.query;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a query string asks of the feed: the filters of a list of posts, with the same meaning. They are decided twice:
 * by {@link #rows} in PostgreSQL, and by {@link #matches} of rows that were read once for many.
 */
public final class FeedQuery {

    private final List<Filter> filters;
    private final Set<Probe> probes;
    private final RowTest test;

    private FeedQuery(List<Filter> filters) {
        this.filters = List.copyOf(filters);
        Set<Probe> needed = new LinkedHashSet<>();
        this.test = RowTest.of(false, filters, needed);
        this.probes = Collections.unmodifiableSet(needed);
    }

    /**
     * Reads filters.
     *
     * @param decodedParameters names and values, without the position, which the caller reads
     * @throws InvalidParameterException for a wrong filter, and for a parameter that is none
     */
    public static FeedQuery of(Map<String, List<String>> decodedParameters) {
        FilterParser parser = new FilterParser(Table.POSTS);
        List<Filter> filters = new ArrayList<>();
        ListQuery.copy(decodedParameters)
                .forEach((name, values) -> values.forEach(value -> {
                    Filter filter = parser.find(name, value);
                    if (filter == null) {
                        throw parser.unknown(name, "last_event_id, lastEventId");
                    }
                    filters.add(filter);
                }));
        return new FeedQuery(filters);
    }

    /** Whether every post matches. */
    public boolean isEmpty() {
        return filters.isEmpty();
    }

    /** What {@link #matches} has to know of a row from PostgreSQL. */
    public Set<Probe> probes() {
        return probes;
    }

    /** Whether a post is in a list with these filters. */
    public boolean matches(FeedRow row) {
        return Boolean.TRUE.equals(test.test(row));
    }

    /**
     * A statement for the posts that match, by id. Its columns: {@code id}, a bigint, and {@code row}, the text that a
     * list without {@code select} has.
     *
     * @param ranges where to look: ascending, none within another
     * @param rows at most so many
     * @param bytes the answer ends after the row at which the bytes of its texts exceed this
     */
    public SqlStatement rows(List<IdRange> ranges, int rows, int bytes) {
        return new FeedSql(filters).rows(ranges, rows, bytes);
    }
}
