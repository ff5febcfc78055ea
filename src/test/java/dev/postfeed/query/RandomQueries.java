package dev.postfeed.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Random filters and orders of a table, each with the SQL that a person would write for it. */
final class RandomQueries {

    static final List<String> TEXTS = List.of(
            "",
            "a",
            "A",
            "ab",
            "b",
            "a,b",
            "(x)",
            "\"q\"",
            "back\\slash",
            "100%",
            "under_score",
            "*",
            "ünï",
            "ÜNÏ",
            "İstanbul",
            "ISTANBUL",
            "straße",
            "STRASSE",
            "ΣΊΣΥΦΟΣ",
            "σίσυφος",
            "o\u0308",
            "😀",
            "null",
            " lead",
            "line\nbreak",
            "\u0001\t\r\u2028",
            "'; drop table posts; --",
            "$1",
            ".",
            "x".repeat(500),
            "x".repeat(510) + "1",
            "x".repeat(510) + "2",
            "😀".repeat(501));

    static final List<String> PATTERNS = List.of(
            "",
            "*",
            "a*",
            "*b",
            "_",
            "*\\%",
            "\\\\",
            "*\\\\*",
            "😀*",
            "A*",
            "*'*",
            "%,%",
            "(*)",
            "*\"*",
            "**",
            "a_",
            "x*1",
            "ü*",
            "*STRA*",
            "istanbul",
            "*ıst*",
            "*ss*",
            "*σίσυφοσ*",
            "*Σ",
            "_STANBUL",
            "*\u0308");

    /** As a client may write them, and as PostgreSQL reads them. */
    static final Map<String, String> TIMES = Map.of(
            "2026-11-22", "2026-11-22 00:00:00+00",
            "2026-11-22T10:00:00Z", "2026-11-22 10:00:00+00",
            "2026-11-22 12:00:00.000000+02:00", "2026-11-22 10:00:00+00",
            "2026-11-22T10:00:00.000001", "2026-11-22 10:00:00.000001+00",
            "2026-11-22T10:00:00.5-00:30", "2026-11-22 10:30:00.5+00",
            "0001-01-01T00:00+14", "0001-12-31 10:00:00+00 BC",
            "9999-12-31T23:59:59.999999-15:59", "10000-01-01 15:58:59.999999+00",
            "infinity", "infinity",
            "-infinity", "-infinity");

    static final List<Long> NUMBERS = List.of(-1L, 0L, 1L, 2L, 3L, 7L, 50L, 100L, Long.MIN_VALUE, Long.MAX_VALUE);

    private static final Map<String, String> COMPARISONS =
            Map.of("eq", "=", "neq", "<>", "gt", ">", "gte", ">=", "lt", "<", "lte", "<=");

    private final Random random;
    private final Table table;

    /** Parameters, and the condition that they are. */
    record Sample(Map<String, List<String>> parameters, String where) {}

    private record Condition(Column column, String operation, String sql) {}

    RandomQueries(Random random, Table table) {
        this.random = random;
        this.table = table;
    }

    <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    Sample filters() {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        List<String> where = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            if (random.nextInt(3) == 0) {
                Group group = group(1 + random.nextInt(3));
                parameters.computeIfAbsent(group.name, n -> new ArrayList<>()).add(group.text);
                where.add(group.sql);
            } else {
                Condition condition = condition(false);
                parameters
                        .computeIfAbsent(condition.column.name(), n -> new ArrayList<>())
                        .add(condition.operation);
                where.add(condition.sql);
            }
        }
        return new Sample(parameters, String.join(" and ", where));
    }

    private record Group(String name, String text, String sql) {}

    private Group group(int depth) {
        boolean negated = random.nextBoolean();
        String word = random.nextBoolean() ? "and" : "or";
        List<String> texts = new ArrayList<>();
        List<String> sqls = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            if (depth > 1 && random.nextBoolean()) {
                Group inner = group(depth - 1);
                texts.add(spaces() + inner.name + inner.text);
                sqls.add(inner.sql);
            } else {
                Condition condition = condition(true);
                texts.add(spaces() + condition.column.name() + "." + condition.operation);
                sqls.add(condition.sql);
            }
        }
        return new Group(
                (negated ? "not." : "") + word,
                "(" + String.join(",", texts) + ")",
                (negated ? "not (" : "(") + String.join(" " + word + " ", sqls) + ")");
    }

    private String spaces() {
        return " ".repeat(Math.max(0, random.nextInt(6) - 4));
    }

    private Condition condition(boolean within) {
        Column column = any(table.columns());
        boolean negated = random.nextInt(3) == 0;
        Condition plain = plain(column, within);
        return new Condition(
                column,
                (negated ? "not." : "") + plain.operation,
                negated ? "(not (" + plain.sql + "))" : "(" + plain.sql + ")");
    }

    private Condition plain(Column column, boolean within) {
        switch (random.nextInt(column.isText() ? 6 : 4)) {
            case 0: {
                boolean isNull = random.nextBoolean();
                return new Condition(
                        column,
                        "is." + (isNull ? any(List.of("null", "NULL", "Null")) : any(List.of("not_null", "NOT_NULL"))),
                        column.name() + (isNull ? " is null" : " is not null"));
            }
            case 1: {
                List<Value> values = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    values.add(value(column));
                }
                String list = values.stream().map(v -> element(v.text, true)).collect(Collectors.joining(","));
                // Plain SQL has no empty list.
                String sql = values.isEmpty()
                        ? "false"
                        : column.name() + " in ("
                                + values.stream().map(Value::sql).collect(Collectors.joining(", ")) + ")";
                return new Condition(column, "in.(" + list + ")", sql);
            }
            case 4, 5: {
                String operator = random.nextBoolean() ? "like" : "ilike";
                String pattern = any(PATTERNS);
                return new Condition(
                        column,
                        operator + "." + (within ? element(pattern, false) : pattern),
                        column.name() + " " + operator + " " + quoted(pattern.replace('*', '%')));
            }
            default: {
                String operator = any(List.copyOf(COMPARISONS.keySet()));
                Value value = value(column);
                return new Condition(
                        column,
                        operator + "." + (within ? element(value.text, false) : value.text),
                        column.name() + " " + COMPARISONS.get(operator) + " " + value.sql);
            }
        }
    }

    private record Value(String text, String sql) {}

    private Value value(Column column) {
        switch (column.type()) {
            case BIGINT: {
                long number = any(NUMBERS);
                return new Value(Long.toString(number), "(" + number + ")::numeric");
            }
            case TEXT: {
                String text = any(TEXTS);
                return new Value(text, quoted(text));
            }
            default: {
                String text = any(List.copyOf(TIMES.keySet()));
                return new Value(text, "timestamptz " + quoted(TIMES.get(text)));
            }
        }
    }

    /** In a list or group: quoted where it must be, and sometimes where it need not. */
    private String element(String text, boolean inList) {
        boolean mustBe = text.matches("(?s).*[,()\"\\\\].*") || text.startsWith(" ") || text.isEmpty() && inList;
        return mustBe || random.nextBoolean()
                ? "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\""
                : text;
    }

    static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** An order of some columns, each at most once. */
    Order order(int columns) {
        List<Column> left = new ArrayList<>(table.columns());
        List<String> terms = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            Column column = left.remove(random.nextInt(left.size()));
            terms.add(
                    column.name() + any(List.of("", ".asc", ".desc")) + any(List.of("", ".nullsfirst", ".nullslast")));
        }
        return order(terms);
    }

    /** The parameter, and what a person would write for it. */
    record Order(String parameter, String sql) {}

    static Order order(List<String> terms) {
        List<String> sql = new ArrayList<>();
        String last = "";
        for (String term : terms) {
            String column = term.replaceFirst("\\..*", "");
            last = term.contains(".desc") ? " desc" : " asc";
            // Documented: of a text that is not unique the first 500 characters count.
            String ordered =
                    List.of("title", "content", "name").contains(column) ? "left(" + column + ", 500)" : column;
            sql.add(ordered
                    + last
                    + (term.endsWith("nullsfirst") ? " nulls first" : term.endsWith("nullslast") ? " nulls last" : ""));
        }
        return new Order(String.join(",", terms), String.join(", ", sql) + ", id" + last);
    }
}
