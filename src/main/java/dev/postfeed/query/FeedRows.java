package dev.postfeed.query;

import java.util.List;

/** Statements about all posts, for whoever feeds them to others. */
public final class FeedRows {

    private static final String HIGHEST =
            "select coalesce(max(t.id), 0) from posts t where t.id > $1::bigint and t.id <= $2::bigint";

    private static final String GAPS = """
            select g.first, g.last from (\
            (select m.id + 1 as first, $2::bigint as last from (select coalesce(max(t.id), $1::bigint) as id from posts t\
             where t.id > $1::bigint and t.id <= $2::bigint) m where m.id < $2::bigint)\
             union all (select b.below + 1, b.id - 1 from (select t.id, coalesce(lead(t.id) over (order by t.id desc),\
             (select max(x.id) from posts x where x.id > $1::bigint and x.id < t.id), $1::bigint) as below from (select n.id from posts n where n.id > $1::bigint and n.id <= $2::bigint order by n.id desc\
             limit 1000000) t) b\
             where b.below + 1 < b.id order by b.id desc limit $3::bigint)) g order by g.first desc limit $3::bigint""";

    private FeedRows() {}

    /**
     * A statement for posts by id. Its columns: {@code id} and {@code user_id}, bigints, the latter may be null; {@code
     * content_is_null}, a boolean; {@code row}, the text that a list without {@code select} has; {@code marks}, the text
     * that {@link Probes#result} reads.
     *
     * @param ranges where to look: ascending, none within another
     * @param rows at most so many
     * @param bytes the answer ends after the row at which the bytes of its texts exceed this; 0 gives one row
     */
    public static SqlStatement read(List<IdRange> ranges, int rows, int bytes, Probes probes) {
        return new FeedSql(List.of()).rowsAndMarks(ranges, rows, bytes, probes);
    }

    /**
     * A statement for the highest id of a post: one row with a bigint, 0 where there is none.
     *
     * @param after not included
     * @param upTo included
     */
    public static SqlStatement highest(long after, long upTo) {
        return new SqlStatement(HIGHEST, List.of(after, upTo));
    }

    /**
     * A statement for the ids that no post has. Its columns: {@code first} and {@code last}, bigints, the last included;
     * the highest range first, so that what is left out by {@code most} is the oldest. Looks at a million posts at most,
     * the highest ones.
     *
     * @param after where to begin, not included; at least 0
     * @param upTo where to end, included
     * @param most ranges at most
     */
    public static SqlStatement gaps(long after, long upTo, int most) {
        return new SqlStatement(GAPS, List.of(after, upTo, (long) most));
    }
}
