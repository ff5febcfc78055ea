package dev.postfeed.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the filters of one list, in the grammar of PostgREST
 * (https://docs.postgrest.org/en/stable/references/api/tables_views.html).
 */
final class FilterParser {

    static final int MAX_CONDITIONS = 100;
    static final int MAX_DEPTH = 16;

    private static final Set<String> GROUPS = Set.of("and", "or", "not.and", "not.or");

    private final Table table;
    private int conditions;

    FilterParser(Table table) {
        this.table = table;
    }

    /** The filter that a parameter is, or null where its name is none of a filter. */
    @Nullable
    Filter find(String name, String value) {
        Column column = table.find(name);
        if (column != null) {
            return condition(name, column, value);
        }
        return GROUPS.contains(name) ? group(name, name.startsWith("not."), name.endsWith("or"), value) : null;
    }

    /** The error of a parameter that is neither a filter nor one of some others. */
    InvalidParameterException unknown(String name, String others) {
        return new InvalidParameterException(
                name,
                "is an unknown parameter, allowed are " + table.columnNames() + ", and, or, not.and, not.or, "
                        + others);
    }

    /** {@code column=not.op.value}: the value is what is left, quotes and all. */
    Filter condition(String parameter, Column column, String text) {
        TextScanner scanner = new TextScanner(parameter, text);
        Filter condition = operation(scanner, parameter, column, true);
        scanner.expectEnd();
        return condition;
    }

    /** {@code or=(...)} and its like. */
    Filter group(String parameter, boolean negated, boolean any, String text) {
        TextScanner scanner = new TextScanner(parameter, text);
        Filter group = group(scanner.spaces(), parameter, negated, any, 1);
        scanner.expectEnd();
        return group;
    }

    private Filter group(TextScanner scanner, String parameter, boolean negated, boolean any, int depth) {
        if (depth > MAX_DEPTH) {
            throw new InvalidParameterException(parameter, "is nested more than " + MAX_DEPTH + " deep");
        }
        List<Filter> members = new ArrayList<>();
        scanner.expect("(");
        do {
            members.add(member(scanner.spaces(), parameter, depth));
        } while (scanner.spaces().take(","));
        scanner.expect(")");
        scanner.spaces();
        return new Filter.Group(negated, any, members);
    }

    private Filter member(TextScanner scanner, String parameter, int depth) {
        boolean negated = scanner.take("not.");
        String word = scanner.word();
        if ((word.equals("and") || word.equals("or")) && scanner.spaces().isAt('(')) {
            return group(scanner, parameter, negated, word.equals("or"), depth + 1);
        }
        if (negated) {
            throw scanner.wrong("needs and(...) or or(...) after not.");
        }
        Column column = table.find(word);
        if (column == null) {
            throw scanner.wrongWord(
                    (word.isEmpty() ? "needs a condition" : "has the unknown column " + TextScanner.shown(word))
                            + ", allowed are " + table.columnNames() + " and the groups and(...), or(...),");
        }
        scanner.spaces().expect(".");
        return operation(scanner, parameter, column, false);
    }

    private Filter operation(TextScanner scanner, String parameter, Column column, boolean whole) {
        if (++conditions > MAX_CONDITIONS) {
            throw new InvalidParameterException(
                    parameter, "is more than the " + MAX_CONDITIONS + " conditions that a list may have");
        }
        boolean negated = scanner.take("not.");
        Operator operator = Operator.find(scanner.word());
        if (operator == null || !scanner.take(".")) {
            throw scanner.wrong("needs an operator and a value, as in eq.1, allowed are " + Operator.NAMES
                    + ", each also after not.,");
        }
        if (operator == Operator.IN) {
            return new Filter.Condition(column, negated, operator, list(scanner, parameter, column));
        }
        String text = whole ? scanner.rest() : scanner.element();
        if (operator == Operator.IS) {
            return new Filter.Condition(column, negated ^ isNotNull(parameter, text), operator, List.of());
        }
        Object value = operator.isPattern() ? pattern(parameter, column, text) : value(parameter, column, text);
        return new Filter.Condition(column, negated, operator, List.of(value));
    }

    private static List<Object> list(TextScanner scanner, String parameter, Column column) {
        List<Object> values = new ArrayList<>();
        scanner.expect("(");
        if (!scanner.spaces().isAt(')')) {
            do {
                values.add(value(parameter, column, scanner.element()));
            } while (scanner.take(","));
        }
        scanner.expect(")");
        return values;
    }

    private static boolean isNotNull(String parameter, String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "null" -> false;
            case "not_null" -> true;
            default -> throw invalid(parameter, text, "is", "null or not_null");
        };
    }

    private static Object pattern(String parameter, Column column, String text) {
        if (!column.isText()) {
            throw new InvalidParameterException(
                    parameter, "compares %s by a pattern, which only texts may be".formatted(column.name()));
        }
        int backslashes = 0;
        while (backslashes < text.length() && text.charAt(text.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        if (backslashes % 2 != 0) {
            throw invalid(parameter, text, "a pattern", "one that does not end in a single backslash");
        }
        return value(parameter, column, text.replace('*', '%'));
    }

    private static Object value(String parameter, Column column, String text) {
        @Nullable Object value = column.type().read(text);
        if (value == null) {
            throw invalid(parameter, text, column.name(), column.type().allowed());
        }
        return value;
    }

    private static InvalidParameterException invalid(String parameter, String text, String of, String allowed) {
        return new InvalidParameterException(
                parameter, "has %s for %s, which must be %s".formatted(TextScanner.shown(text), of, allowed));
    }
}
