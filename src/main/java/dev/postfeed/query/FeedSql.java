package dev.postfeed.query;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the statements that read posts by ranges of ids, from the inside out: {@code t} posts of one range {@code r},
 * {@code page} the first of all ranges, {@code p} those of them that fit the bytes, each as text.
 */
final class FeedSql {

    private static final Selection ALL = Selection.parse(Table.POSTS, null);
    private static final RowText TEXT = new RowText(ALL);

    /** The ranges come in order, so that reading ends with the rows that are wanted, in whichever range that is. */
    private static final String PAGE = """
            select t.*, r.n from unnest(%s::bigint[], %s::bigint[]) with ordinality r(first, last, n)\
             cross join lateral (select %s from posts t where %s limit %s) t order by r.n, t.id limit %5$s""";

    private final List<Filter> filters;
    private final Binds binds = new Binds();

    FeedSql(List<Filter> filters) {
        this.filters = filters;
    }

    SqlStatement rows(List<IdRange> ranges, int rows, int bytes) {
        return statement(ranges, rows, bytes, "p.id, " + text());
    }

    SqlStatement rowsAndMarks(List<IdRange> ranges, int rows, int bytes, Probes probes) {
        return statement(
                ranges,
                rows,
                bytes,
                "p.id, p.user_id, p.content is null as content_is_null, " + text() + ", " + probes.sql("p", binds)
                        + " as marks");
    }

    private static String text() {
        return TEXT.sql(RowForm.JSON) + " as row";
    }

    private SqlStatement statement(List<IdRange> ranges, int rows, int bytes, String results) {
        String page = page(ranges, binds.add((long) rows));
        String sql = "select " + results + " from "
                + ListSql.sized(page, TEXT.size("page"), "page.n, page.id", "") + " where p.size_before <= "
                + binds.add((long) bytes) + " order by p.n, p.id";
        return new SqlStatement(sql, binds.values());
    }

    private String page(List<IdRange> ranges, String limit) {
        Long[] first = ranges.stream().map(IdRange::first).toArray(Long[]::new);
        Long[] last = ranges.stream().map(IdRange::last).toArray(Long[]::new);
        String columns = ALL.columns().stream().map(column -> column.of("t")).collect(Collectors.joining(", "));
        return PAGE.formatted(binds.add(first), binds.add(last), columns, where(), limit);
    }

    /** With its order. */
    private String where() {
        Filter.Condition leading = leading();
        List<String> where = new ArrayList<>();
        if (leading == null) {
            where.add("t.id between r.first and r.last");
        } else {
            where.addAll(led(leading));
        }
        filters.stream()
                .filter(filter -> filter != leading)
                .map(filter -> filter.sql(binds))
                .forEach(where::add);
        String order = leading == null ? "t.id" : leading.column().of("t") + ", t.id";
        return String.join(" and ", where) + " order by " + order;
    }

    private List<String> led(Filter.Condition leading) {
        if (leading.operator() == Operator.IS) {
            // Not between: PostgreSQL takes that for a few rows, which it would rather sort than read in order.
            return List.of(leading.sql(binds), "t.id >= r.first", "(t.id, t.id) <= (r.last, r.last)");
        }
        String column = leading.column().of("t");
        String value = leading.operand(binds);
        return List.of(
                "(%s, t.id) >= (%s, r.first)".formatted(column, value),
                "(%s, t.id) <= (%s, r.last)".formatted(column, value));
    }

    /** A condition that an index has before the id; see {@link SegmentSql#leading} for why it is written as it is. */
    private Filter.@Nullable Condition leading() {
        for (Filter filter : filters) {
            if (filter instanceof Filter.Condition condition
                    && condition.pins()
                    && Table.POSTS.hasIndex(condition.column(), Stream.of(Table.POSTS.id()))) {
                return condition;
            }
        }
        return null;
    }
}
