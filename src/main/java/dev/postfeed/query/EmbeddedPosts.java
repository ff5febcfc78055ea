package dev.postfeed.query;

import java.util.List;
import java.util.stream.Collectors;

/**
 * SQL for the posts within a user: at most {@value #MAX_ROWS} in id order, cut after the post at which their texts exceed
 * {@value #MAX_BYTES} bytes; where there are more, the address of the rest.
 */
final class EmbeddedPosts {

    static final int MAX_ROWS = 100;
    static final int MAX_BYTES = 1024 * 1024;

    /**
     * Some posts of the user, one more than can be given, and which are. Compared as a pair: see
     * {@link SegmentSql#leading}.
     */
    private static final String KEPT = """
            (select e.*, row_number() over before_this <= %d\
             and coalesce(sum(e.size) over before_this, 0) <= %d as kept\
             from (select q.*, %s as size from posts q\
             where q.user_id >= %s and q.user_id <= %s order by q.user_id, q.id limit %d) e\
             window before_this as (order by e.id rows between unbounded preceding and 1 preceding)) k""";

    private final List<Column> columns;
    private final String name;

    EmbeddedPosts(Embedding embedding) {
        this.columns = embedding.columns();
        this.name = embedding.name();
    }

    /** A subselect with the posts as a JSON array, and the address of the rest or null. */
    String sql(String user) {
        return """
                (select ('[' || coalesce(string_agg(%s, ',' order by k.id) filter (where k.kept), '') || ']')\
                 as %s, case when not bool_and(k.kept) then '/posts?user_id=eq.' || %s || '&id=gt.'\
                 || max(k.id) filter (where k.kept) || '&order=id' end as %s from %s)""".formatted(RowText.object(columns, "k"), name, user, Selection.POSTS_NEXT, kept(user));
    }

    /** A subselect with the bytes of their texts. */
    String size(String user) {
        return "(select coalesce(sum(k.size) filter (where k.kept), 0) from %s)".formatted(kept(user));
    }

    private String kept(String user) {
        return KEPT.formatted(MAX_ROWS, MAX_BYTES, size(columns, "q"), user, user, MAX_ROWS + 1);
    }

    /** The bytes of the texts among some columns. */
    static String size(List<Column> columns, String alias) {
        return columns.stream()
                .filter(Column::isText)
                .map(column -> column.size(alias))
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(" + "), size -> size.isEmpty() ? "0::bigint" : size));
    }
}
