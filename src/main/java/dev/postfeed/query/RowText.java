package dev.postfeed.query;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** SQL that writes a selection of a row, of a subselect {@code p}, as one text. */
final class RowText {

    private final Selection selection;
    private final @Nullable Embedding embedding;

    RowText(Selection selection) {
        this.selection = selection;
        this.embedding = selection.embedding();
    }

    /** The text. */
    String sql(RowForm form) {
        return form == RowForm.CSV ? csv() : json();
    }

    /** What is to be joined to {@code p}; empty where nothing is. */
    String joined() {
        return embedding != null && isPosts(embedding)
                ? " cross join lateral " + new EmbeddedPosts(embedding).sql("p.id") + " m"
                : "";
    }

    /** The bytes of the texts in it, before any of them is read. */
    String size(String alias) {
        String own = EmbeddedPosts.size(selection.columns(), alias);
        if (embedding == null || embedding.columns().stream().noneMatch(Column::isText)) {
            return own;
        }
        return isPosts(embedding)
                ? own + " + " + new EmbeddedPosts(embedding).size(alias + ".id")
                : own
                        + " + coalesce((select %s from users u where u.id = %s.user_id), 0)"
                                .formatted(EmbeddedPosts.size(embedding.columns(), "u"), alias);
    }

    private static boolean isPosts(Embedding embedding) {
        return embedding.of() == Table.POSTS;
    }

    private String json() {
        List<String> fields = new ArrayList<>();
        for (Selected field : selection.fields()) {
            fields.add(value(field) + " as " + field.name());
        }
        String object = object(fields);
        if (embedding == null || !isPosts(embedding)) {
            return object + "::text";
        }
        fields.add("m.%1$s as %1$s".formatted(Selection.POSTS_NEXT));
        return "(case when m.%s is null then %s else %s end)::text"
                .formatted(Selection.POSTS_NEXT, object, object(fields));
    }

    private String csv() {
        List<String> fields = new ArrayList<>();
        for (Selected field : selection.fields()) {
            fields.add(
                    field instanceof Column column
                            ? column.csv("p")
                            : "coalesce(" + Column.quoted(value(field) + "::text") + ", '')");
        }
        if (embedding != null && isPosts(embedding)) {
            fields.add("coalesce(" + Column.quoted("m." + Selection.POSTS_NEXT) + ", '')");
        }
        return String.join(" || ',' || ", fields);
    }

    private static String value(Selected field) {
        if (field instanceof Column column) {
            return column.json("p");
        }
        Embedding embedding = (Embedding) field;
        if (isPosts(embedding)) {
            return "m." + embedding.name();
        }
        return "(select %s from users u where u.id = p.user_id)".formatted(object(embedding.columns(), "u"));
    }

    /** A compact JSON object of some columns; json_build_object would write spaces. */
    static String object(List<Column> columns, String alias) {
        return object(columns.stream()
                .map(column -> column.json(alias) + " as " + column.name())
                .collect(Collectors.toList()));
    }

    private static String object(List<String> fields) {
        return "(select row_to_json(o) from (select " + String.join(", ", fields) + ") o)";
    }
}
