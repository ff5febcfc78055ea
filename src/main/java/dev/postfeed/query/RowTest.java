package dev.postfeed.query;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A filter as Java decides it, in SQL's logic of three values, null being the third. Conditions on integers and {@code
 * is} it decides alone; about texts and times it asks a {@link Probe}, since only PostgreSQL knows its collation.
 */
interface RowTest {

    @Nullable
    Boolean test(FeedRow row);

    /** The test that a filter of posts is; adds what it needs to the probes. */
    static RowTest of(Filter filter, Set<Probe> probes) {
        if (filter instanceof Filter.Group group) {
            RowTest test = of(group.any(), group.members(), probes);
            return group.negated() ? not(test) : test;
        }
        Filter.Condition condition = (Filter.Condition) filter;
        RowTest test = of(condition.withoutNot(), probes);
        return condition.negated() ? not(test) : test;
    }

    /** All of some filters, or any of them. */
    static RowTest of(boolean any, List<Filter> members, Set<Probe> probes) {
        RowTest[] tests = members.stream().map(member -> of(member, probes)).toArray(RowTest[]::new);
        return row -> {
            Boolean result = !any;
            for (RowTest test : tests) {
                Boolean one = test.test(row);
                if (one == null) {
                    result = null;
                } else if (one == any) {
                    return any;
                }
            }
            return result;
        };
    }

    private static RowTest not(RowTest test) {
        return row -> {
            Boolean result = test.test(row);
            return result == null ? null : !result;
        };
    }

    private static RowTest of(Filter.Condition condition, Set<Probe> probes) {
        Column column = condition.column();
        if (condition.operator() == Operator.IS) {
            return isNull(column);
        }
        if (column.type() != ColumnType.BIGINT) {
            Probe probe = new Probe(condition);
            probes.add(probe);
            return row -> row.holds(probe);
        }
        if (condition.operator() == Operator.IN) {
            Set<Object> values = new HashSet<>(condition.values());
            // As in PostgreSQL not even null is unknown to be in an empty list.
            return values.isEmpty()
                    ? row -> false
                    : row -> {
                        Long value = integer(column, row);
                        return value == null ? null : values.contains(value);
                    };
        }
        IntPredicate sign = sign(condition.operator());
        long operand = (Long) condition.values().get(0);
        return row -> {
            Long value = integer(column, row);
            return value == null ? null : sign.test(Long.compare(value, operand));
        };
    }

    private static RowTest isNull(Column column) {
        if (!column.nullable()) {
            return row -> false;
        }
        return column.isText() ? FeedRow::contentIsNull : row -> row.userId() == null;
    }

    private static @Nullable Long integer(Column column, FeedRow row) {
        return column.unique() ? (Long) row.id() : row.userId();
    }

    private static IntPredicate sign(Operator operator) {
        return switch (operator) {
            case EQ -> sign -> sign == 0;
            case NEQ -> sign -> sign != 0;
            case GT -> sign -> sign > 0;
            case GTE -> sign -> sign >= 0;
            case LT -> sign -> sign < 0;
            case LTE -> sign -> sign <= 0;
            default -> throw new IllegalArgumentException(operator + " compares no integers");
        };
    }
}
