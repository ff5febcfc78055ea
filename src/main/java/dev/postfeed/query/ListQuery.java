package dev.postfeed.query;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a query string asks of a list, in PostgREST's grammar: filters, {@code and} and {@code or}, {@code order},
 * {@code select}, {@code limit} and {@code cursor}. Every value is of its column's type, and bound.
 *
 * <p>A text that is not unique (title, content, name) is ordered by its first 500 characters and then by the columns
 * that follow: a cursor has to fit an address.
 */
public final class ListQuery {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_PAGE_LIMIT = 1000;

    /** One way to write each number. */
    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]*");

    private static final Set<String> ONCE = Set.of("limit", "order", "select", "cursor");

    private final Table table;

    /** Filters of the path. */
    private final Map<String, String> given;

    private final Map<String, List<String>> parameters;
    private final List<Filter> filters;
    private final Order order;
    private final Selection selection;
    private final @Nullable Long limit;
    private final String scope;
    private final @Nullable Position start;

    private ListQuery(Table table, String path, Map<String, String> given, Map<String, List<String>> decoded) {
        this.table = table;
        this.given = given;
        this.parameters = decoded;
        this.filters = new ArrayList<>();
        FilterParser parser = new FilterParser(table);
        given.forEach((name, value) -> addFilter(parser, name, value));
        decoded.forEach((name, values) -> values.forEach(value -> addFilter(parser, name, value)));
        this.order = Order.parse(table, single("order")).without(pinned());
        this.selection = Selection.parse(table, single("select"));
        String limitText = single("limit");
        this.limit = limitText == null ? null : limit(limitText);
        this.scope = String.join("\n", path, Filter.Group.canonical(filters), order.canonical());
        String cursor = single("cursor");
        this.start = cursor == null ? null : KeysetCursor.parse(cursor, scope, order);
    }

    /**
     * Reads all parameters of a list.
     *
     * @param path of the list; its cursors are good for nothing else
     * @param decodedParameters names and values in the order given, a name without a value with an empty one
     * @throws InvalidParameterException for an unknown parameter or column, a wrong value, a cursor of another list
     */
    public static ListQuery of(Table table, String path, Map<String, List<String>> decodedParameters) {
        return new ListQuery(table, path, Map.of(), copy(decodedParameters));
    }

    /**
     * The same of the posts of one user: {@code GET /users/{id}/posts} is {@code GET /posts?user_id=eq.{id}}.
     *
     * @throws InvalidParameterException as {@link #of}
     */
    public static ListQuery ofUser(String path, long userId, Map<String, List<String>> decodedParameters) {
        return new ListQuery(Table.POSTS, path, Map.of("user_id", "eq." + userId), copy(decodedParameters));
    }

    /** A name without a value ({@code ?x}) has a null in the map of a request. */
    static Map<String, List<String>> copy(Map<String, List<String>> parameters) {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        parameters.forEach((name, values) -> copy.put(
                name, values.stream().map(value -> value == null ? "" : value).toList()));
        return copy;
    }

    private void addFilter(FilterParser parser, String name, String value) {
        Filter filter = parser.find(name, value);
        if (filter != null) {
            filters.add(filter);
        } else if (!ONCE.contains(name)) {
            throw parser.unknown(name, "order, select, limit, cursor");
        }
    }

    private @Nullable String single(String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new InvalidParameterException(name, "may be given once only");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    private Set<Column> pinned() {
        Set<Column> pinned = new HashSet<>();
        for (Filter filter : filters) {
            if (filter instanceof Filter.Condition condition && condition.pins()) {
                pinned.add(condition.column());
            }
        }
        return pinned;
    }

    private static long limit(String text) {
        if (LIMIT.matcher(text).matches()) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                // More than 2^63-1: the same answer as below.
            }
        }
        throw new InvalidParameterException("limit", "must be an integer from 1 to 9223372036854775807");
    }

    /**
     * Rows of a page: 1 to {@value #MAX_PAGE_LIMIT}, by default {@value #DEFAULT_LIMIT}.
     *
     * @throws InvalidParameterException for a limit that only a stream may have
     */
    public int pageLimit() {
        if (limit == null) {
            return DEFAULT_LIMIT;
        }
        if (limit > MAX_PAGE_LIMIT) {
            throw new InvalidParameterException("limit", "must be an integer from 1 to " + MAX_PAGE_LIMIT);
        }
        return limit.intValue();
    }

    /** Rows of a stream: as given, or without bound ({@link Long#MAX_VALUE}). */
    public long streamLimit() {
        return limit == null ? Long.MAX_VALUE : limit;
    }

    /** Where the client's cursor points, or null for the beginning. */
    public @Nullable Position start() {
        return start;
    }

    /**
     * A statement for the rows after a position, in order. Its columns: the row's text, then {@link #keyColumns} texts
     * which may be null.
     *
     * @param after null for the beginning
     * @param rows at most so many
     * @param bytes the list ends after the row at which the bytes of its texts exceed this; 0 gives one row
     */
    public SqlStatement rows(RowForm form, @Nullable Position after, int rows, int bytes) {
        return new ListSql(table, filters, order, selection).rows(form, after, rows, bytes);
    }

    /**
     * What the rows of {@link #plainRows} are; null where there is no such statement, since there are rows within a row.
     */
    public @Nullable PlainRow plainRow() {
        return selection.embedding() == null ? PlainRow.of(selection, order) : null;
    }

    /**
     * A statement for the same rows as {@link #rows}, as columns, however many bytes they have: its reader is to stop where
     * they are too many. Only where there is a {@link #plainRow}, which tells its columns.
     */
    public SqlStatement plainRows(@Nullable Position after, int rows) {
        return new ListSql(table, filters, order, selection)
                .plainRows(ListSql.plainColumns(selection, order), after, rows);
    }

    /**
     * The same for {@link SqlStatement#together}; null where there is no {@link #plainRow}, or where the rows are not to be
     * read off an index: nobody should wait for a page that somebody else has to search for.
     */
    public @Nullable SqlStatement shortRows(@Nullable Position after, int rows) {
        return selection.embedding() == null
                ? new ListSql(table, filters, order, selection)
                        .shortRows(ListSql.plainColumns(selection, order), after, rows)
                : null;
    }

    /**
     * The same, with the number of all rows that match the filters, wherever the position is, as the last column, a
     * bigint. It has at least one row: where no rows are left, one with that number and otherwise nulls.
     */
    public SqlStatement rowsAndTotal(RowForm form, @Nullable Position after, int rows, int bytes) {
        return new ListSql(table, filters, order, selection).rowsAndTotal(form, after, rows, bytes);
    }

    /** How many columns a {@link Position} has. */
    public int keyColumns() {
        return order.terms().size();
    }

    /** The names of the fields of a record of CSV, without a line end. */
    public String csvHeader() {
        return selection.csvHeader();
    }

    /** The query string, without a question mark, of the page after a position: the client's own with another cursor. */
    public String next(Position last) {
        Map<String, List<String>> next = new LinkedHashMap<>(parameters);
        next.put("cursor", List.of(KeysetCursor.format(last, scope)));
        return QueryStrings.format(next);
    }

    /**
     * The query string, without a question mark, of the feed of the posts that this list is of: its filters, and a
     * position. For lists of posts only: users have no feed.
     */
    public String feed(String position) {
        Map<String, List<String>> feed = new LinkedHashMap<>();
        given.forEach((name, value) -> feed.put(name, new ArrayList<>(List.of(value))));
        parameters.forEach((name, values) -> {
            if (!ONCE.contains(name)) {
                feed.computeIfAbsent(name, n -> new ArrayList<>()).addAll(values);
            }
        });
        feed.put("last_event_id", List.of(position));
        return QueryStrings.format(feed);
    }
}
