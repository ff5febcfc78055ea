package dev.postfeed.query;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the disjoint parts that the rows after a position consist of, such that each can be read off an index.
 *
 * @param fixed the first columns of the order, each with the one value that it has here
 * @param terms the columns after these
 * @param bound which rows of them
 * @param keys the last row's values of the terms in SQL; empty where {@code bound} needs none
 */
record Segment(List<Fixed> fixed, List<OrderTerm> terms, Bound bound, List<String> keys) {

    /** A column that has one value in all rows; {@code value} is SQL, null for null. */
    record Fixed(Column column, @Nullable String value) {}

    enum Bound {
        /** All. */
        NONE,
        /** Those whose first term is not null. */
        FIRST_NOT_NULL,
        /** Those whose first term is beyond its key. */
        FIRST_BEYOND,
        /** Those that are beyond the keys as a row: of one direction, and no nulls but in the first term. */
        ROW_BEYOND
    }

    /** A comparison of what has one value, null or not. */
    static String equal(@Nullable String value) {
        return value == null ? " is null" : " = " + value;
    }

    /** The parts of a whole list, in order. */
    static List<Segment> all(List<OrderTerm> terms) {
        OrderTerm first = terms.get(0);
        if (first.hasDefaultNulls()) {
            return List.of(new Segment(List.of(), terms, Bound.NONE, List.of()));
        }
        // An index has the nulls at the other end: two walks of it instead of a sort of everything.
        Segment values = new Segment(List.of(), terms, Bound.FIRST_NOT_NULL, List.of());
        Segment nulls = nulls(List.of(), terms);
        return first.nullsFirst() ? List.of(nulls, values) : List.of(values, nulls);
    }

    /** The parts of what comes after a row, in order; {@code key} has its values in SQL. */
    static List<Segment> after(List<OrderTerm> terms, List<@Nullable String> key) {
        List<Segment> segments = new ArrayList<>();
        addAfter(segments, List.of(), terms, key);
        return segments;
    }

    private static void addAfter(
            List<Segment> segments, List<Fixed> fixed, List<OrderTerm> terms, List<@Nullable String> key) {
        OrderTerm first = terms.get(0);
        String value = key.get(0);
        if (!isRowComparable(terms, key)) {
            // Rows equal to the key so far; the last term is unique and never comes here.
            List<Fixed> equal = with(fixed, new Fixed(first.column(), value));
            addAfter(segments, equal, terms.subList(1, terms.size()), key.subList(1, key.size()));
            if (value == null) {
                if (first.nullsFirst()) {
                    segments.add(new Segment(fixed, terms, Bound.FIRST_NOT_NULL, List.of()));
                }
                return;
            }
            segments.add(new Segment(fixed, terms, Bound.FIRST_BEYOND, List.of(value)));
        } else {
            List<String> keys = new ArrayList<>();
            for (String text : key) {
                if (text != null) {
                    keys.add(text);
                }
            }
            segments.add(new Segment(fixed, terms, Bound.ROW_BEYOND, keys));
        }
        if (first.column().nullable() && !first.nullsFirst()) {
            segments.add(nulls(fixed, terms));
        }
    }

    private static boolean isRowComparable(List<OrderTerm> terms, List<@Nullable String> key) {
        return isOfOneDirection(terms)
                && terms.stream().skip(1).noneMatch(term -> term.column().nullable())
                && key.get(0) != null;
    }

    static boolean isOfOneDirection(List<OrderTerm> terms) {
        boolean descending = terms.get(0).descending();
        return terms.stream().allMatch(term -> term.descending() == descending);
    }

    private static Segment nulls(List<Fixed> fixed, List<OrderTerm> terms) {
        return new Segment(
                with(fixed, new Fixed(terms.get(0).column(), null)),
                terms.subList(1, terms.size()),
                Bound.NONE,
                List.of());
    }

    private static List<Fixed> with(List<Fixed> fixed, Fixed next) {
        List<Fixed> all = new ArrayList<>(fixed);
        all.add(next);
        return all;
    }
}
