package dev.postfeed.query;

import java.util.List;
import java.util.stream.Collectors;

/** What rows of a list have to be like. */
sealed interface Filter {

    /** The condition in SQL on {@code t}. */
    String sql(Binds binds);

    /** The same text for the same condition, and another for any other. */
    String canonical();

    /**
     * A column compared with values.
     *
     * @param values one; any number for {@link Operator#IN}; none for {@link Operator#IS}, which is {@code is null}
     */
    record Condition(Column column, boolean negated, Operator operator, List<Object> values) implements Filter {

        @Override
        public String sql(Binds binds) {
            String sql = comparison("t", operator == Operator.IS ? "" : operand(binds));
            return negated ? "not (" + sql + ")" : sql;
        }

        /** It in SQL without its {@code not}. */
        String comparison(String alias, String operand) {
            return column.of(alias) + " " + operator.sql() + (operand.isEmpty() ? "" : " " + operand);
        }

        Condition withoutNot() {
            return negated ? new Condition(column, false, operator, values) : this;
        }

        /** What it compares with, in SQL; not of {@link Operator#IS}. */
        String operand(Binds binds) {
            return operator == Operator.IN
                    ? "(" + column.type().bindArray(binds, values) + ")"
                    : column.type().bind(binds, values.get(0));
        }

        /** Whether all rows that are left have one value, or null, in the column. */
        boolean pins() {
            return !negated && (operator == Operator.EQ || operator == Operator.IS);
        }

        @Override
        public String canonical() {
            // With the lengths, so that no value can look like two.
            return values.stream()
                    .map(Object::toString)
                    .map(value -> value.length() + ":" + value)
                    .collect(Collectors.joining(
                            ",", column.name() + (negated ? ".not." : ".") + operator.text() + "(", ")"));
        }
    }

    /** Several of them, joined by {@code and} or {@code or}. */
    record Group(boolean negated, boolean any, List<Filter> members) implements Filter {

        @Override
        public String sql(Binds binds) {
            return members.stream()
                    .map(member -> member.sql(binds))
                    .collect(Collectors.joining(any ? " or " : " and ", negated ? "not (" : "(", ")"));
        }

        @Override
        public String canonical() {
            return (negated ? "not." : "") + (any ? "or" : "and") + canonical(members);
        }

        /** Of filters joined by one word: in whatever order they were given. */
        static String canonical(List<? extends Filter> members) {
            return members.stream().map(Filter::canonical).sorted().collect(Collectors.joining(",", "(", ")"));
        }
    }
}
