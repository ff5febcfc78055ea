package dev.postfeed.query;

import dev.postfeed.query.Segment.Bound;
import dev.postfeed.query.Segment.Fixed;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes the {@code where} and {@code order by} of a {@link Segment} such that the planner finds the index. */
final class SegmentSql {

    private final Table table;
    private final List<WrittenFilter> filters;

    /** A filter in SQL; {@code pin} where it leaves one value of a column, {@code limit} where it is one. */
    record WrittenFilter(
            String sql, @Nullable Fixed pin, @Nullable Limit limit) {}

    /** A column compared with a value by {@code gt gte lt lte}; {@code comparison} lacks the left side. */
    record Limit(Column column, Operator operator, String comparison) {

        private boolean isLower() {
            return operator == Operator.GT || operator == Operator.GTE;
        }
    }

    SegmentSql(Table table, List<WrittenFilter> filters) {
        this.table = table;
        this.filters = filters;
    }

    String of(Segment segment) {
        Fixed leading = leading(segment);
        List<String> where = new ArrayList<>();
        filters.stream()
                .filter(filter -> leading == null || filter.pin() != leading)
                .map(filter -> sql(filter, segment))
                .forEach(where::add);
        segment.fixed().stream()
                .filter(fixed -> fixed != leading)
                .map(fixed -> fixed.column().ordered("t") + Segment.equal(fixed.value()))
                .forEach(where::add);
        boolean descending = segment.terms().get(0).descending();
        String order = order(segment);
        if (leading == null) {
            where.addAll(bound(segment));
        } else {
            where.addAll(led(leading, segment, descending));
            order = leading.column().of("t") + OrderTerm.direction(descending) + ", " + order;
        }
        return (where.isEmpty() ? "" : " where " + String.join(" and ", where)) + " order by " + order;
    }

    /** Whether the rows follow each other in an index, so that a few of them cost next to nothing wherever they are. */
    boolean isReadOffAnIndex(Segment segment) {
        Fixed leading = leading(segment);
        OrderTerm first = segment.terms().get(0);
        boolean ordered = leading != null
                || first.column().unique()
                || (Segment.isOfOneDirection(segment.terms())
                        && table.hasIndex(
                                first.column(), segment.terms().stream().skip(1).map(OrderTerm::column)));
        return ordered
                && segment.fixed().isEmpty()
                && filters.stream()
                        .allMatch(filter -> (leading != null && filter.pin() == leading)
                                || isWhereItBegins(filter.limit(), first, leading != null));
    }

    /** Of an index that is led by another column only the limit at which the walk begins spares anything. */
    private static boolean isWhereItBegins(@Nullable Limit limit, OrderTerm first, boolean led) {
        return limit != null
                && limit.column().equals(first.column())
                && limit.column().isOrderedWhole()
                && (!led || limit.isLower() != first.descending());
    }

    /**
     * A limit that the position is beyond already is asked of the position's key alone: of two lower limits of an index
     * scan PostgreSQL may start at the lesser when the other is a row, and walk past all the pages before.
     */
    private static String sql(WrittenFilter filter, Segment segment) {
        Limit limit = filter.limit();
        OrderTerm first = segment.terms().get(0);
        if (limit != null
                && !segment.keys().isEmpty()
                && limit.column().equals(first.column())
                && limit.column().isOrderedWhole()
                && limit.isLower() != first.descending()) {
            return segment.keys().get(0) + limit.comparison();
        }
        return filter.sql();
    }

    /**
     * A column of one value that an index has before the terms. It is compared and ordered along with them, and never by
     * equality: only that index can do so. Otherwise the planner would walk the primary key, past everybody else's rows,
     * for the posts of a user who has half of all.
     */
    private @Nullable Fixed leading(Segment segment) {
        if (!Segment.isOfOneDirection(segment.terms())) {
            return null;
        }
        for (Fixed fixed : Stream.concat(filters.stream().map(WrittenFilter::pin), segment.fixed().stream())
                .toList()) {
            if (fixed != null
                    && table.hasIndex(fixed.column(), segment.terms().stream().map(OrderTerm::column))) {
                return fixed;
            }
        }
        return null;
    }

    private static List<String> led(Fixed leading, Segment segment, boolean descending) {
        String column = leading.column().of("t");
        String value = leading.value();
        List<String> where = new ArrayList<>();
        if (value == null) {
            where.add(column + " is null");
            where.addAll(bound(segment));
        } else if (segment.bound() == Bound.ROW_BEYOND) {
            where.add(column + (descending ? " >= " : " <= ") + value);
            where.add(beyond(
                    Stream.concat(Stream.of(column), columns(segment)).toList(),
                    Stream.concat(Stream.of(value), segment.keys().stream()).toList(),
                    descending));
        } else {
            where.add(column + " >= " + value);
            where.add(column + " <= " + value);
            where.addAll(bound(segment));
        }
        return where;
    }

    private static List<String> bound(Segment segment) {
        OrderTerm first = segment.terms().get(0);
        String column = first.column().ordered("t");
        return switch (segment.bound()) {
            case NONE -> List.of();
            case FIRST_NOT_NULL -> List.of(column + " is not null");
            case FIRST_BEYOND -> List.of(beyond(List.of(column), segment.keys(), first.descending()));
            case ROW_BEYOND -> List.of(beyond(columns(segment).toList(), segment.keys(), first.descending()));
        };
    }

    private static Stream<String> columns(Segment segment) {
        return segment.terms().stream().map(term -> term.column().ordered("t"));
    }

    private static String beyond(List<String> columns, List<String> keys, boolean descending) {
        return "(" + String.join(", ", columns) + (descending ? ") < (" : ") > (") + String.join(", ", keys) + ")";
    }

    private static String order(Segment segment) {
        OrderTerm first = segment.terms().get(0);
        String rest = segment.terms().stream()
                .skip(1)
                .map(term -> ", " + term.sql("t"))
                .collect(Collectors.joining());
        return (segment.bound() == Bound.NONE ? first.sql("t") : first.withoutNulls("t")) + rest;
    }
}
