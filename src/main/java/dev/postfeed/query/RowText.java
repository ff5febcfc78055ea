package dev.postfeed.query;

import java.util.ArrayList;
import java.util.List;
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
        List<String> members = new ArrayList<>();
        for (Selected field : selection.fields()) {
            members.add(member(
                    field.name(),
                    field instanceof Column column
                            ? column.json("p")
                            : "coalesce(" + embedded((Embedding) field) + ", 'null')"));
        }
        String rest = embedding != null && isPosts(embedding)
                ? "case when m.%1$s is not null then concat(',\"%1$s\":', to_json(m.%1$s)) end, "
                        .formatted(Selection.POSTS_NEXT)
                : "";
        return braced(members, rest);
    }

    private String csv() {
        List<String> fields = new ArrayList<>();
        for (Selected field : selection.fields()) {
            fields.add(
                    field instanceof Column column
                            ? column.csv("p")
                            : "coalesce(" + Column.quoted(embedded((Embedding) field)) + ", '')");
        }
        if (embedding != null && isPosts(embedding)) {
            fields.add("coalesce(" + Column.quoted("m." + Selection.POSTS_NEXT) + ", '')");
        }
        return String.join(" || ',' || ", fields);
    }

    /** JSON, null where there is none. */
    private static String embedded(Embedding embedding) {
        return isPosts(embedding)
                ? "m." + embedding.name()
                : "(select %s from users u where u.id = p.user_id)".formatted(object(embedding.columns(), "u"));
    }

    /** A compact JSON object of some columns; json_build_object would write spaces, and row_to_json takes longer. */
    static String object(List<Column> columns, String alias) {
        return braced(
                columns.stream()
                        .map(column -> member(column.name(), column.json(alias)))
                        .toList(),
                "");
    }

    private static String braced(List<String> members, String rest) {
        return "concat('{', " + String.join(", ',', ", members) + ", " + rest + "'}')";
    }

    private static String member(String name, String json) {
        return "'\"" + name + "\":', " + json;
    }
}
