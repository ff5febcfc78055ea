package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.query.RandomQueries.Order;
import dev.postfeed.query.RandomQueries.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every filter and order gives the rows, in the order, that plain SQL gives: {@code where}, {@code order by} with its
 * nulls spelt out, no keyset. On rows full of nulls, ties and awkward texts.
 */
class QueryDifferentialIntegrationTests {

    private static final long SEED = 20261122;
    private static final int ROWS = 150;
    private static final int ALL = 1000;

    private static QueryDatabase database;

    @BeforeAll
    static void fill() {
        database = QueryDatabase.migrated();
        Random random = new Random(SEED);
        List<String> times = new ArrayList<>(RandomQueries.TIMES.values());
        times.sort(null);
        times.add("2026-11-22 10:00:00.000002+00");
        for (int i = 1; i <= ROWS; i++) {
            String text = RandomQueries.TEXTS.get(random.nextInt(RandomQueries.TEXTS.size()));
            database.sql()
                    .run(
                            "insert into users (name, email, created_at) values (?, ?, ?::timestamptz)",
                            text,
                            i < RandomQueries.TEXTS.size() ? RandomQueries.TEXTS.get(i) : i + "@example.com",
                            times.get(random.nextInt(times.size())));
        }
        for (int i = 1; i <= ROWS; i++) {
            database.sql()
                    .run(
                            "insert into posts (title, content, user_id, created_at)"
                                    + " values (?, nullif(?, 'null'), nullif(?, 0), ?::timestamptz)",
                            RandomQueries.TEXTS.get(random.nextInt(RandomQueries.TEXTS.size())),
                            RandomQueries.TEXTS.get(random.nextInt(RandomQueries.TEXTS.size())),
                            (long) random.nextInt(4),
                            times.get(random.nextInt(times.size())));
        }
        // Ids out of the API's range are a foreign program's right.
        database.sql().run("update posts set id = -id where id % 10 = 0");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @ParameterizedTest
    @EnumSource(Table.class)
    void everyColumnInEveryDirectionAndPlacementOfNulls(Table table) {
        for (Column column : table.columns()) {
            for (String direction : List.of("", ".asc", ".desc")) {
                for (String nulls : List.of("", ".nullsfirst", ".nullslast")) {
                    Order order = RandomQueries.order(List.of(column.name() + direction + nulls));
                    expectWalk(table, Map.of(), "true", order, 1, 7, 64, ALL);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Table.class)
    void ordersOfSeveralColumns(Table table) {
        RandomQueries random = new RandomQueries(new Random(SEED), table);
        for (int i = 0; i < 50; i++) {
            expectWalk(table, Map.of(), "true", random.order(2 + i % 3), 1 + i % 13);
        }
    }

    @ParameterizedTest
    @EnumSource(Table.class)
    void filters(Table table) {
        RandomQueries random = new RandomQueries(new Random(SEED), table);
        int nonEmpty = 0;
        for (int i = 0; i < 1500; i++) {
            Sample filters = random.filters();
            Order order = RandomQueries.order(List.of("id"));
            nonEmpty += expectWalk(table, filters.parameters(), filters.where(), order, ALL) > 0 ? 1 : 0;
        }
        assertThat(nonEmpty).as("filters that leave rows").isGreaterThan(500);
    }

    /** Filters by equality change how the keyset is written. */
    @ParameterizedTest
    @EnumSource(Table.class)
    void filtersAndOrdersTogether(Table table) {
        Random seeded = new Random(SEED);
        RandomQueries random = new RandomQueries(seeded, table);
        for (int i = 0; i < 150; i++) {
            Sample filters = random.filters();
            expectWalk(table, filters.parameters(), filters.where(), random.order(1 + seeded.nextInt(3)), 3);
        }
    }

    @Test
    void equalitiesAndRangesOnTheColumnsOfTheOrder() {
        Map<String, String> filters = Map.of(
                "eq.1", "user_id = 1",
                "is.null", "user_id is null",
                "not.is.null", "user_id is not null",
                "gt.1", "user_id > 1",
                "lte.2", "user_id <= 2",
                "in.(1,2)", "user_id in (1, 2)",
                "not.eq.1", "user_id <> 1");
        for (Map.Entry<String, String> filter : filters.entrySet()) {
            for (String order : List.of(
                    "id",
                    "id.desc",
                    "user_id",
                    "user_id.desc",
                    "user_id,id.desc",
                    "user_id.desc.nullslast",
                    "user_id.nullsfirst,created_at",
                    "created_at,user_id",
                    "content,user_id.desc",
                    "title.desc,id")) {
                expectWalk(
                        Table.POSTS,
                        Map.of("user_id", List.of(filter.getKey())),
                        filter.getValue(),
                        RandomQueries.order(List.of(order.split(","))),
                        1,
                        10,
                        ALL);
            }
        }
    }

    /** A filter looks at all of a text, an order at its beginning. */
    @Test
    void rangesOfLongTextsInTheirOwnOrder() {
        String text = "x".repeat(510) + "1";
        for (String order : List.of("title", "title.desc", "title,id.desc")) {
            Map.of("gt", ">", "gte", ">=", "lt", "<", "lte", "<=").forEach((name, sql) -> {
                String where = "title " + sql + RandomQueries.quoted(text);
                Map<String, List<String>> filter = Map.of("title", List.of(name + "." + text));
                int rows = expectWalk(Table.POSTS, filter, where, RandomQueries.order(List.of(order.split(","))), 1);
                assertThat(rows).isPositive();
            });
        }
    }

    @Test
    void pagesOfDifferentPositionsAreReadTogether() {
        List<SqlStatement> pages = new ArrayList<>();
        List<List<String>> expected = new ArrayList<>();
        for (int start : List.of(90, 3, 149, 150, 40)) {
            ListQuery query = Queries.posts("id=gt." + start + "&order=id.desc&select=id");
            pages.add(query.shortRows(null, 4));
            int page = pages.size();
            database.sql()
                    .column("select id from posts where id > " + start + " order by id desc limit 4")
                    .forEach(id -> expected.add(List.of(Integer.toString(page), id)));
        }
        assertThat(database.run(SqlStatement.together(pages)).stream().map(row -> row.subList(0, 2)))
                .isEqualTo(expected);
    }

    @Test
    void theListOfAUserIsAFilter() {
        ListQuery query =
                ListQuery.ofUser("/users/1/posts", 1, Queries.parse("id=gt.20&order=title&limit=7&select=id"));
        assertThat(walk(query, 7, next -> ListQuery.ofUser("/users/1/posts", 1, next)))
                .isEqualTo(database.sql()
                        .column("select id from posts where user_id = 1 and id > 20 order by left(title, 500), id"))
                .isNotEmpty();
    }

    /** How many rows there are. */
    private static int expectWalk(
            Table table, Map<String, List<String>> filters, String where, Order order, int... pageSizes) {
        List<String> expected = database.sql()
                .column("select id from %s where %s order by %s"
                        .formatted(table.sqlName(), where.isEmpty() ? "true" : where, order.sql()));
        Map<String, List<String>> parameters = new LinkedHashMap<>(filters);
        parameters.put("order", List.of(order.parameter()));
        parameters.put("select", List.of("id"));
        for (int pageSize : pageSizes) {
            assertThat(walk(
                            ListQuery.of(table, "/list", parameters),
                            pageSize,
                            next -> ListQuery.of(table, "/list", next)))
                    .as("%s: where %s order by %s, pages of %d", parameters, where, order.sql(), pageSize)
                    .isEqualTo(expected);
        }
        return expected.size();
    }

    private interface Reader {
        ListQuery read(Map<String, List<String>> parameters);
    }

    /** The ids of all pages; from one to the next by the address that clients get. */
    private static List<String> walk(ListQuery first, int pageSize, Reader reader) {
        List<String> ids = new ArrayList<>();
        ListQuery query = first;
        while (true) {
            List<List<String>> page = database.run(query.rows(RowForm.CSV, query.start(), pageSize, Integer.MAX_VALUE));
            assertThat(page).hasSizeLessThanOrEqualTo(pageSize);
            page.forEach(row -> ids.add(row.get(0)));
            List<List<String>> withTotal =
                    database.run(query.rowsAndTotal(RowForm.CSV, query.start(), pageSize, Integer.MAX_VALUE));
            expectTotal(withTotal, page, query);
            assertThat(plain(query, database.run(query.plainRows(query.start(), pageSize)), 0))
                    .isEqualTo(page);
            expectTogether(query, pageSize, page);
            if (page.size() < pageSize) {
                String total = withTotal.get(0).get(query.keyColumns() + 1);
                assertThat(Integer.parseInt(total)).isEqualTo(ids.size());
                return ids;
            }
            List<String> last = page.get(page.size() - 1);
            assertThat(last).hasSize(1 + query.keyColumns());
            Position position = new Position(last.subList(1, last.size()), ids.size());
            query = reader.read(Queries.parse(query.next(position)));
            assertThat(query.start()).isEqualTo(position);
        }
    }

    /** Rows of columns: the id, and the keys. */
    private static List<List<String>> plain(ListQuery query, List<List<String>> rows, int offset) {
        PlainRow columns = query.plainRow();
        List<List<String>> page = new ArrayList<>();
        for (List<String> row : rows) {
            List<String> same = new ArrayList<>(row.subList(offset, offset + columns.selected()));
            for (int column : columns.key()) {
                String value = row.get(offset + column);
                same.add(value == null ? null : columns.columns().get(column).key(value));
            }
            page.add(same);
        }
        return page;
    }

    /** The page twice in one statement. */
    private static void expectTogether(ListQuery query, int pageSize, List<List<String>> page) {
        SqlStatement one = query.shortRows(query.start(), pageSize);
        if (one == null) {
            return;
        }
        List<List<String>> rows = database.run(SqlStatement.together(List.of(one, one)));
        assertThat(rows.stream().map(row -> row.get(0)))
                .containsExactlyElementsOf(Stream.concat(
                                page.stream().map(row -> "1"), page.stream().map(row -> "2"))
                        .toList());
        assertThat(plain(query, rows.subList(0, page.size()), 1)).isEqualTo(page);
        assertThat(plain(query, rows.subList(page.size(), rows.size()), 1)).isEqualTo(page);
    }

    private static void expectTotal(List<List<String>> withTotal, List<List<String>> page, ListQuery query) {
        int columns = query.keyColumns() + 1;
        if (page.isEmpty()) {
            assertThat(withTotal).hasSize(1);
            assertThat(withTotal.get(0).subList(0, columns)).containsOnlyNulls();
        } else {
            assertThat(withTotal.stream().map(row -> row.subList(0, columns)).toList())
                    .isEqualTo(page);
        }
    }
}
