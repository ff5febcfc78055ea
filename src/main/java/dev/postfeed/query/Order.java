package dev.postfeed.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The order of a list: total, since its last column is unique. */
record Order(List<OrderTerm> terms) {

    Order {
        terms = List.copyOf(terms);
    }

    /**
     * Reads the parameter {@code order}. What comes after a unique column cannot matter and is left out; where there is
     * none, the id follows in the direction of the last column.
     *
     * @param text null where it is not given: by id
     */
    static Order parse(Table table, @Nullable String text) {
        List<OrderTerm> terms = new ArrayList<>();
        if (text != null) {
            TextScanner scanner = new TextScanner("order", text);
            do {
                terms.add(term(table, scanner.spaces(), terms));
            } while (scanner.spaces().take(","));
            scanner.expectEnd();
        }
        for (int i = 0; i < terms.size(); i++) {
            if (terms.get(i).column().unique()) {
                return new Order(terms.subList(0, i + 1));
            }
        }
        boolean descending = !terms.isEmpty() && terms.get(terms.size() - 1).descending();
        terms.add(new OrderTerm(table.id(), descending, descending));
        return new Order(terms);
    }

    private static OrderTerm term(Table table, TextScanner scanner, List<OrderTerm> before) {
        String name = scanner.word();
        Column column = table.find(name);
        if (column == null) {
            throw scanner.wrongWord(
                    (name.isEmpty() ? "needs a column" : "has the unknown column " + TextScanner.shown(name))
                            + ", allowed are " + table.columnNames() + ",");
        }
        if (before.stream().anyMatch(term -> term.column().equals(column))) {
            throw new InvalidParameterException("order", "has " + name + " twice");
        }
        boolean descending = scanner.take(".desc");
        if (!descending) {
            scanner.take(".asc");
        }
        boolean nullsFirst = scanner.take(".nullsfirst") || (!scanner.take(".nullslast") && descending);
        if (!scanner.isAtEnd() && !scanner.isAt(',') && !scanner.isAt(' ')) {
            throw scanner.wrong("needs a comma, or one of .asc and .desc, and then one of .nullsfirst and .nullslast");
        }
        return new OrderTerm(column, descending, nullsFirst);
    }

    /** The same for rows that have one value each in some columns; something unique stays. */
    Order without(Set<Column> constant) {
        int last = terms.size() - 1;
        List<OrderTerm> left = new ArrayList<>(terms.subList(0, last));
        left.removeIf(term -> constant.contains(term.column()));
        left.add(terms.get(last));
        return new Order(left);
    }

    String canonical() {
        return join(OrderTerm::canonical);
    }

    /** It as an {@code order by} list. */
    String sql(String alias) {
        return join(term -> term.sql(alias));
    }

    private String join(Function<OrderTerm, String> text) {
        return terms.stream().map(text).collect(Collectors.joining(", "));
    }
}
