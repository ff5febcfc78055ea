package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A page costs the same wherever it is. Measured in buffers (pages of 8 KiB) that PostgreSQL touches, by a statement
 * that was prepared and used before, as the driver's are: from its sixth use on its plan may be a generic one.
 */
class KeysetPlanIntegrationTests {

    private static final int POSTS = 1_000_000;
    private static final int PAGE = 100;

    /** A page of 100 rows that lie apart from each other, with the way down the index. */
    private static final long MOST_BUFFERS = 250;

    /** The filters of the cases in plain SQL. */
    private static final Map<String, String> FILTERS = Map.ofEntries(
            Map.entry("user_id=eq.1&", "user_id = 1"),
            Map.entry("user_id=eq.2&", "user_id = 2"),
            Map.entry("user_id=is.null", "user_id is null"),
            Map.entry("user_id=not.is.null", "user_id is not null"),
            Map.entry("user_id=gt.1&", "user_id > 1"),
            Map.entry("user_id=lt.900&", "user_id < 900"),
            Map.entry("&id=gt.100000&", "id > 100000"),
            Map.entry("&id=lt.900000&", "id < 900000"),
            Map.entry("id=gt.500000&", "id > 500000"),
            Map.entry("created_at=lt.2020-01-04&", "created_at < '2020-01-04 00:00:00+00'"),
            Map.entry("created_at=gte.2020-01-02&", "created_at >= '2020-01-02 00:00:00+00'"),
            Map.entry("created_at=eq.2020-01-02T02:00:00&", "created_at = '2020-01-02 02:00:00+00'"));

    private static QueryDatabase database;

    /** Half of all posts are of user 1; user 2 has the last 20,000, and nobody a part of the rest. */
    @BeforeAll
    static void fill() {
        database = QueryDatabase.migrated();
        database.sql()
                .run("insert into users (name, email) select 'u' || i, i || '@example.com'"
                        + " from generate_series(1, 1000) i");
        // Without the check of the foreign key, which takes half of the time.
        database.sql().run("set session_replication_role = replica");
        database.sql()
                .run("insert into posts (title, user_id, created_at) select 't' || i,"
                        + " case when i > 980000 then 2 when i % 2 = 0 then 1 when i % 5 = 0 then null else 3 + i % 997 end,"
                        + " timestamptz '2020-01-01 00:00:00+00' + i / 3 * interval '1 second'"
                        + " from generate_series(1, " + POSTS + ") i");
        database.sql().run("vacuum analyze posts");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "order=id                            | 0",
                "order=id.desc                       | 0",
                "order=created_at                    | 0",
                "order=created_at.desc               | 0",
                "order=created_at.desc,id            | 0",
                "order=user_id                       | 0",
                "order=user_id.desc                  | 0",
                "order=user_id.nullsfirst            | 0",
                "order=user_id.desc.nullslast        | 0",
                "user_id=eq.1&order=id               | 400000",
                "user_id=eq.1&order=id.desc          | 400000",
                "user_id=eq.1&order=user_id,id       | 400000",
                "user_id=eq.2&order=id               | 15000",
                "user_id=eq.2&order=id.desc          | 15000",
                "user_id=is.null&order=id            | 80000",
                "user_id=is.null&order=id.desc       | 80000",
                "created_at=lt.2020-01-04&order=created_at.desc | 200000",
                "created_at=gte.2020-01-02&order=created_at | 500000",
                "id=gt.500000&order=id               | 400000",
                "user_id=gt.1&order=user_id          | 300000",
                "user_id=lt.900&order=user_id.desc   | 500000",
                "user_id=not.is.null&order=user_id   | 800000",
                "user_id=not.is.null&order=user_id.desc   | 800000",
                "user_id=eq.1&id=gt.100000&order=id  | 400000",
                "user_id=eq.1&id=lt.900000&order=id.desc  | 200000",
                "created_at=eq.2020-01-02T02:00:00&order=id | 1",
                "order=created_at&select=*,author(name) | 0",
            })
    void aDeepPageCostsWhatTheFirstDoes(String queryString, int rowsBefore) {
        ListQuery query = ListQuery.of(Table.POSTS, "/posts", Queries.parse(queryString));
        // An author is looked up twice, in at most four buffers of the primary key and one of the table.
        long most = queryString.contains("author") ? MOST_BUFFERS + 10 * PAGE : MOST_BUFFERS;
        expectBuffers(query.rows(RowForm.JSON, null, PAGE, 1 << 22), 2, most);
        Position position = deep(query, queryString, rowsBefore == 0 ? 900_000 : rowsBefore);
        expectBuffers(query.rows(RowForm.JSON, position, PAGE, 1 << 22), 2, most);
        expectBuffers(query.plainRows(null, PAGE), 2, most);
        expectBuffers(query.plainRows(position, PAGE), 2, most);
        expectShort(query, null, most);
        expectShort(query, position, most);
    }

    /** Of the ranges that a feed reads; the ids are those of all posts, of user 2 the last 20,000. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Filter | first, length, distance and number of ranges | most buffers
                "                  | 1      | 1000000 | 1       | 1    | 250",
                "                  | 1      | 1       | 1000    | 1000 | 600",
                "                  | 1      | 999     | 1000    | 1000 | 250",
                "user_id=eq.1      | 1      | 1000000 | 1       | 1    | 250",
                "user_id=eq.2      | 1      | 1000000 | 1       | 1    | 250",
                "user_id=is.null   | 1      | 1000000 | 1       | 1    | 250",
                "user_id=eq.1      | 2      | 1       | 1000    | 1000 | 600",
                "user_id=eq.2      | 1      | 1       | 900     | 1000 | 4000",
                "user_id=eq.2      | 1      | 950     | 950     | 1000 | 4000",
                "user_id=is.null   | 2      | 1       | 1000    | 1000 | 4000",
                "created_at=eq.2020-01-02T02:00:00 | 1 | 1000000 | 1 | 1   | 250",
                "user_id=eq.2&title=like.t99* | 900000 | 100000 | 1 | 1   | 250",
            })
    void aFeedReadsWhatItReturns(String queryString, long first, long length, long distance, int ranges, long most) {
        FeedQuery query = FeedQuery.of(Queries.parse(queryString == null ? "" : queryString));
        List<IdRange> where = Stream.iterate(first, start -> start + distance)
                .limit(ranges)
                .map(start -> new IdRange(start, start + length - 1))
                .toList();
        expectBuffers(query.rows(where, PAGE, 1 << 22), 2, most);
        if (query.isEmpty()) {
            expectBuffers(FeedRows.read(where, PAGE, 1 << 22, Probes.NONE), 2, most);
        }
    }

    @Test
    void gapsAreReadOffTheIndex() {
        expectBuffers(FeedRows.gaps(POSTS - 1000, POSTS + 1000, 100), 2, MOST_BUFFERS);
        String plan = Buffers.of(database, FeedRows.gaps(0, POSTS, 100)).plan();
        assertThat(plan).contains("Index Only Scan").doesNotContain("Seq Scan", "Bitmap", "external merge");
    }

    /** Otherwise a bound on all of the above says nothing. */
    @Test
    void anOffsetCostsMoreTheDeeperItIs() {
        SqlStatement offset =
                new SqlStatement("select * from posts order by id limit 100 offset $1", List.of(900_000L));
        expectBuffers(offset, 10 * MOST_BUFFERS, Long.MAX_VALUE);
    }

    @Test
    void embeddedPostsOfAUserOfHalfOfThemAreReadOffTheIndex() {
        ListQuery query = ListQuery.of(Table.USERS, "/users", Queries.parse("select=name,posts(id)&limit=2"));
        expectBuffers(query.rows(RowForm.JSON, null, 2, 1 << 22), 2, MOST_BUFFERS);
    }

    /** Where the page after so many rows starts, by a statement that shares nothing with what is tested. */
    private static Position deep(ListQuery query, String queryString, int rowsBefore) {
        String where = FILTERS.entrySet().stream()
                .filter(filter -> queryString.contains(filter.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(" and "));
        String order = Queries.parse(queryString)
                .get("order")
                .get(0)
                .replace(".desc", " desc")
                .replace(".nulls", " nulls ");
        String id = order.matches("id( desc)?") || order.contains(",id")
                ? order
                : order + (order.contains("desc") ? ", id desc" : ", id");
        String keys = id.replaceAll("( desc)?( nulls (first|last))?", "")
                .replace("created_at", "to_char(created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US\"+00\" BC')");
        if (query.keyColumns() == 1) {
            keys = "id";
        }
        List<String> key = database.run(new SqlStatement(
                        "select %s from posts where %s order by %s offset %d limit 1"
                                .formatted(keys, where.isEmpty() ? "true" : where, id, rowsBefore),
                        List.of()))
                .get(0);
        assertThat(key).hasSize(query.keyColumns());
        return new Position(key, rowsBefore);
    }

    /** Eight pages together cost as much as eight times one. */
    private static void expectShort(ListQuery query, Position after, long most) {
        SqlStatement rows = query.shortRows(after, PAGE);
        if (rows != null) {
            expectBuffers(SqlStatement.together(Collections.nCopies(8, rows)), 2, 8 * most);
        }
    }

    private static void expectBuffers(SqlStatement statement, long least, long most) {
        Buffers buffers = Buffers.of(database, statement);
        assertThat(buffers.touched())
                .as(statement.sql() + "\n" + buffers.plan())
                .isBetween(least, most);
    }
}
