package dev.postfeed.query;

/**
 * A column of an order.
 *
 * @param nullsFirst where its nulls are; of a column that has none always {@code descending}, PostgreSQL's default
 */
record OrderTerm(Column column, boolean descending, boolean nullsFirst) {

    OrderTerm {
        nullsFirst = column.nullable() ? nullsFirst : descending;
    }

    /** Whether its nulls are where a plain index has them too. */
    boolean hasDefaultNulls() {
        return nullsFirst == descending;
    }

    /** It in an {@code order by}. */
    String sql(String alias) {
        return hasDefaultNulls()
                ? withoutNulls(alias)
                : withoutNulls(alias) + (nullsFirst ? " nulls first" : " nulls last");
    }

    /** The same where no nulls are, so that the planner sees what an index can do. */
    String withoutNulls(String alias) {
        return column.ordered(alias) + direction(descending);
    }

    static String direction(boolean descending) {
        return descending ? " desc" : "";
    }

    String canonical() {
        return column.name() + (descending ? ".desc" : ".asc") + (nullsFirst ? ".nullsfirst" : ".nullslast");
    }
}
