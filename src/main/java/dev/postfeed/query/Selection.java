package dev.postfeed.query;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of a row, in the order asked for; at most one of them is an {@link Embedding}. */
record Selection(List<Selected> fields) {

    /** The member that tells where the rest of a user's posts is; see {@link EmbeddedPosts}. */
    static final String POSTS_NEXT = "posts_next";

    Selection {
        fields = List.copyOf(fields);
    }

    /**
     * Reads the parameter {@code select}.
     *
     * @param text null where it is not given: all columns
     */
    static Selection parse(Table table, @Nullable String text) {
        if (text == null) {
            return new Selection(new ArrayList<>(table.columns()));
        }
        TextScanner scanner = new TextScanner("select", text);
        List<Selected> fields = new ArrayList<>();
        do {
            if (scanner.spaces().take("*")) {
                table.columns().forEach(column -> add(fields, column));
            } else {
                add(fields, field(table, scanner));
            }
        } while (scanner.spaces().take(","));
        scanner.expectEnd();
        return new Selection(fields);
    }

    private static Selected field(Table table, TextScanner scanner) {
        String name = scanner.word();
        if (table.embeddings().contains(name)) {
            return new Embedding(name, table.other(), embedded(table.other(), scanner));
        }
        return column(table, name, scanner, ", *, " + table.embeddings().get(0) + "(...)");
    }

    private static List<Column> embedded(Table table, TextScanner scanner) {
        List<Column> columns = new ArrayList<>();
        scanner.spaces().expect("(");
        do {
            if (scanner.spaces().take("*")) {
                table.columns().forEach(column -> add(columns, column));
            } else {
                add(columns, column(table, scanner.word(), scanner, ", *"));
            }
        } while (scanner.spaces().take(","));
        scanner.expect(")");
        return List.copyOf(columns);
    }

    private static Column column(Table table, String name, TextScanner scanner, String alsoAllowed) {
        Column column = table.find(name);
        if (column == null) {
            throw scanner.wrongWord(
                    (name.isEmpty() ? "needs a column" : "has the unknown column " + TextScanner.shown(name))
                            + ", allowed are " + table.columnNames() + alsoAllowed + ",");
        }
        return column;
    }

    private static <T extends Selected> void add(List<T> fields, T field) {
        boolean embedding = field instanceof Embedding;
        for (Selected other : fields) {
            if (other.name().equals(field.name()) || (embedding && other instanceof Embedding)) {
                throw new InvalidParameterException("select", "has " + field.name() + " twice");
            }
        }
        fields.add(field);
    }

    List<Column> columns() {
        return fields.stream()
                .filter(Column.class::isInstance)
                .map(Column.class::cast)
                .toList();
    }

    @Nullable
    Embedding embedding() {
        for (Selected field : fields) {
            if (field instanceof Embedding embedding) {
                return embedding;
            }
        }
        return null;
    }

    /** The first line of CSV, without its end. */
    String csvHeader() {
        String names = fields.stream().map(Selected::name).collect(Collectors.joining(","));
        Embedding embedding = embedding();
        return embedding != null && embedding.of() == Table.POSTS ? names + "," + POSTS_NEXT : names;
    }
}
