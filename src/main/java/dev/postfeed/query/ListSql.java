package dev.postfeed.query;

import dev.postfeed.query.Segment.Fixed;
import dev.postfeed.query.SegmentSql.Limit;
import dev.postfeed.query.SegmentSql.WrittenFilter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes the statement of a list, from the inside out: {@code t} a table, {@code page} its rows after a position by
 * keyset, {@code p} those of them that fit the bytes, each as text.
 */
final class ListSql {

    private final Table table;
    private final Order order;
    private final RowText text;
    private final Selection selection;
    private final Binds binds = new Binds();
    private final List<WrittenFilter> filters = new ArrayList<>();

    ListSql(Table table, List<Filter> filters, Order order, Selection selection) {
        this.table = table;
        this.order = order;
        this.selection = selection;
        this.text = new RowText(selection);
        for (Filter filter : filters) {
            this.filters.add(write(filter));
        }
    }

    private WrittenFilter write(Filter filter) {
        if (!(filter instanceof Filter.Condition condition) || condition.negated()) {
            return new WrittenFilter(filter.sql(binds), null, null);
        }
        Column column = condition.column();
        return switch (condition.operator()) {
            case IS -> new WrittenFilter(filter.sql(binds), new Fixed(column, null), null);
            case EQ -> {
                String value = condition.operand(binds);
                yield new WrittenFilter(column.of("t") + Segment.equal(value), new Fixed(column, value), null);
            }
            case GT, GTE, LT, LTE -> {
                String comparison = " " + condition.operator().sql() + " " + condition.operand(binds);
                yield new WrittenFilter(
                        column.of("t") + comparison, null, new Limit(column, condition.operator(), comparison));
            }
            default -> new WrittenFilter(filter.sql(binds), null, null);
        };
    }

    SqlStatement rows(RowForm form, @Nullable Position after, int rows, int bytes) {
        String sql = "select " + String.join(", ", results(form)) + from(after, rows, bytes, "") + " order by "
                + order.sql("p");
        return new SqlStatement(sql, binds.values());
    }

    /** The columns themselves, and nothing about bytes: twice as many lists a second as when PostgreSQL writes JSON. */
    SqlStatement plainRows(List<Column> columns, @Nullable Position after, int rows) {
        return plainRows(columns, page(segments(after), rows), "");
    }

    /**
     * The same with its place in the page as the last column, so that those of several pages can be told apart; null where
     * a page can cost more than next to nothing.
     */
    @Nullable
    SqlStatement shortRows(List<Column> columns, @Nullable Position after, int rows) {
        List<Segment> segments = segments(after);
        return segments.size() == 1 && new SegmentSql(table, filters).isReadOffAnIndex(segments.get(0))
                ? plainRows(
                        columns, page(segments, rows), ", row_number() over (order by " + order.sql("p") + ") as place")
                : null;
    }

    private SqlStatement plainRows(List<Column> columns, String page, String more) {
        // What is there for the order alone is no longer than a position may be.
        List<Column> selected = selection.columns();
        String results = columns.stream()
                .map(column ->
                        (selected.contains(column) ? column.of("p") : column.ordered("p")) + " as " + column.name())
                .collect(Collectors.joining(", "));
        String sql = "select " + results + more + " from (" + page + ") p" + bound() + " order by " + order.sql("p");
        return new SqlStatement(sql, binds.values());
    }

    /**
     * There must be a bind: cancelling a statement without any can wedge the driver's connection (r2dbc-postgresql #661).
     */
    private String bound() {
        return binds.values().isEmpty() ? " where " + binds.add(0L) + "::bigint = 0" : "";
    }

    /** What a plain row has: the selection, and then what else it is ordered by. */
    static List<Column> plainColumns(Selection selection, Order order) {
        Set<Column> columns = new LinkedHashSet<>(selection.columns());
        order.terms().forEach(term -> columns.add(term.column()));
        return List.copyOf(columns);
    }

    SqlStatement rowsAndTotal(RowForm form, @Nullable Position after, int rows, int bytes) {
        String where = filters.isEmpty()
                ? ""
                : filters.stream().map(WrittenFilter::sql).collect(Collectors.joining(" and ", " where ", ""));
        // Joined to the total, so that an empty list has it too.
        String sql = "select f.row, " + keyNames("f.") + ", c.total from (select count(*) as total from "
                + table.sqlName() + " t" + where + ") c left join (select " + String.join(", ", results(form))
                + ", p.place" + from(after, rows, bytes, ", row_number() over before_this as place")
                + ") f on true order by f.place";
        return new SqlStatement(sql, binds.values());
    }

    private String keyNames(String prefix) {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= order.terms().size(); i++) {
            names.add(prefix + "key_" + i);
        }
        return String.join(", ", names);
    }

    private List<String> results(RowForm form) {
        List<String> results = new ArrayList<>();
        results.add(text.sql(form) + " as row");
        for (OrderTerm term : order.terms()) {
            results.add(term.column().key("p") + " as key_" + results.size());
        }
        return results;
    }

    private String from(@Nullable Position after, int rows, int bytes, String more) {
        String page = page(segments(after), rows);
        return " from " + sized(page, text.size("page"), order.sql("page"), more) + text.joined()
                + " where p.size_before <= " + binds.add((long) bytes);
    }

    /** {@code p}: the rows of {@code page}, each with the bytes of those before it. */
    static String sized(String page, String size, String order, String more) {
        return "(select page.*, coalesce(sum(" + size + ") over before_this, 0) as size_before" + more + " from ("
                + page + ") page window before_this as (order by " + order
                + " rows between unbounded preceding and 1 preceding)) p";
    }

    /** The limit is part of the text: for one that it does not know, PostgreSQL would plan the statement anew each time. */
    private String page(List<Segment> segments, int limit) {
        SegmentSql where = new SegmentSql(table, filters);
        List<String> selects = new ArrayList<>();
        for (Segment segment : segments) {
            selects.add(
                    "select " + columns() + " from " + table.sqlName() + " t" + where.of(segment) + " limit " + limit);
        }
        if (selects.size() == 1) {
            return selects.get(0);
        }
        return "select * from ((" + String.join(") union all (", selects) + ")) t order by " + order.sql("t")
                + " limit " + limit;
    }

    private List<Segment> segments(@Nullable Position after) {
        List<OrderTerm> terms = order.terms();
        return after == null ? Segment.all(terms) : Segment.after(terms, keys(after));
    }

    /** The columns that are needed further out. */
    private String columns() {
        Set<Column> needed = new LinkedHashSet<>(selection.columns());
        order.terms().forEach(term -> needed.add(term.column()));
        if (selection.embedding() != null) {
            needed.add(table == Table.POSTS ? table.column("user_id") : table.id());
        }
        return needed.stream().map(column -> column.of("t")).collect(Collectors.joining(", "));
    }

    private List<@Nullable String> keys(Position after) {
        List<@Nullable String> keys = new ArrayList<>();
        for (int i = 0; i < order.terms().size(); i++) {
            ColumnType type = order.terms().get(i).column().type();
            String text = after.key().get(i);
            keys.add(text == null ? null : type.bind(binds, type.ofKey(text)));
        }
        return keys;
    }
}
