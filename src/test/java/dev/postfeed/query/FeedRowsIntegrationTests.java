package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows of many ranges of ids, cut by rows and bytes, and the gaps between them. */
class FeedRowsIntegrationTests {

    private static final long SEED = 20261122;
    private static final int LAST = 400;

    /** Above all others, so that their texts are no test's but one's. */
    private static final long LARGE = 100_000;

    private static QueryDatabase database;

    /** Bytes of the texts, by id. */
    private static final NavigableMap<Long, Integer> SIZES = new TreeMap<>();

    @BeforeAll
    static void fill() {
        database = QueryDatabase.migrated();
        Random random = new Random(SEED);
        for (long id = 1; id <= LAST; id++) {
            if (random.nextInt(3) > 0) {
                String title = "😀".repeat(random.nextInt(50));
                String content = random.nextBoolean() ? null : "x".repeat(random.nextInt(3000));
                database.sql().run("insert into posts (id, title, content) values (?, ?, ?)", id, title, content);
                SIZES.put(id, 2 * title.length() + (content == null ? 0 : content.length()));
            }
        }
        // Texts that are stored out of line, of about a hundred pages each.
        database.sql()
                .run(
                        "insert into posts (id, title, content) select ? + i, 'large',"
                                + " (select string_agg(md5(i || ' ' || j), '') from generate_series(1, 25000) j)"
                                + " from generate_series(1, 20) i",
                        LARGE);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void rowsOfAllRangesInOneOrderCutByRowsAndBytes() {
        Random random = new Random(SEED);
        FeedQuery everything = FeedQuery.of(Map.of());
        for (int i = 0; i < 300; i++) {
            List<IdRange> ranges = ranges(random);
            int rows = 1 + random.nextInt(random.nextBoolean() ? 5 : 300);
            int bytes = random.nextInt(3) == 0 ? 0 : random.nextInt(random.nextBoolean() ? 2000 : 300_000);
            List<Long> expected = cut(ranges, rows, bytes);
            assertThat(ids(everything.rows(ranges, rows, bytes)))
                    .as("at most %d rows and %d bytes of %s", rows, bytes, ranges)
                    .isEqualTo(expected);
            assertThat(ids(FeedRows.read(ranges, rows, bytes, Probes.NONE))).isEqualTo(expected);
        }
    }

    private static List<IdRange> ranges(Random random) {
        List<IdRange> ranges = new ArrayList<>();
        for (long first = 1 + random.nextInt(LAST); first < LAST + 50; ) {
            long last = first + (random.nextBoolean() ? 0 : random.nextInt(80));
            ranges.add(new IdRange(first, last));
            first = last + 1 + random.nextInt(3) * random.nextInt(20);
        }
        return ranges;
    }

    private static List<Long> cut(List<IdRange> ranges, int rows, int bytes) {
        List<Long> ids = new ArrayList<>();
        long size = 0;
        for (IdRange range : ranges) {
            for (Map.Entry<Long, Integer> post :
                    SIZES.subMap(range.first(), true, range.last(), true).entrySet()) {
                if (ids.size() == rows || size > bytes) {
                    return ids;
                }
                ids.add(post.getKey());
                size += post.getValue();
            }
        }
        return ids;
    }

    private static List<Long> ids(SqlStatement statement) {
        return database.run(statement).stream()
                .map(row -> Long.valueOf(row.get(0)))
                .toList();
    }

    @Test
    void noRangesHaveNoRows() {
        assertThat(database.run(FeedRows.read(List.of(), 10, 1000, Probes.NONE)))
                .isEmpty();
    }

    @Test
    void theColumnsAreNamedAndTheTextIsTheLists() {
        long id = SIZES.firstKey();
        SqlStatement read = FeedRows.read(List.of(new IdRange(id, id)), 1, 0, Probes.NONE);
        List<String> text = database.run(Queries.posts("id=eq." + id).rows(RowForm.JSON, null, 1, 0))
                .get(0);
        boolean withoutContent = database.sql().number("select count(content) from posts where id = ?", id) == 0;
        List<String> row = database.run(read).get(0);
        assertThat(row).hasSize(5);
        assertThat(row.get(0)).isEqualTo(Long.toString(id));
        assertThat(row.get(1)).isNull();
        assertThat(row.get(2)).isEqualTo(Boolean.toString(withoutContent));
        assertThat(row.get(3)).isEqualTo(text.get(0));
        assertThat(row.get(4)).isEmpty();
        SqlStatement named = new SqlStatement(
                "select id, user_id, content_is_null, row, marks from (" + read.sql() + ") r", read.binds());
        assertThat(database.run(named)).containsExactly(row);
    }

    @Test
    void onlyTextsOfReturnedRowsAreRead() {
        List<IdRange> large = List.of(new IdRange(LARGE, LARGE + 100));
        FeedQuery query = FeedQuery.of(Map.of("content", List.of("like.*x*")));
        long one = Buffers.of(database, FeedRows.read(large, 100, 0, Probes.of(query.probes())))
                .touched();
        long all = Buffers.of(database, FeedRows.read(large, 100, 1 << 30, Probes.of(query.probes())))
                .touched();
        assertThat(one).isBetween(100L, 800L);
        assertThat(all).isGreaterThan(10 * one);
    }

    @Test
    void gapsAreTheIdsWithoutARow() {
        Random random = new Random(SEED);
        int found = 0;
        for (int i = 0; i < 500; i++) {
            long after = random.nextInt(LAST + 50);
            long upTo = after + random.nextInt(random.nextBoolean() ? 5 : LAST);
            int most = 1 + random.nextInt(random.nextBoolean() ? 3 : 200);
            List<List<String>> expected = gaps(after, upTo, most);
            assertThat(database.run(FeedRows.gaps(after, upTo, most)))
                    .as("of %d to %d at most %d", after, upTo, most)
                    .isEqualTo(expected);
            found += expected.size();
        }
        assertThat(found).isGreaterThan(1000);
    }

    private static List<List<String>> gaps(long after, long upTo, int most) {
        NavigableSet<Long> free = new TreeSet<>();
        LongStream.rangeClosed(after + 1, upTo)
                .filter(id -> !SIZES.containsKey(id))
                .forEach(free::add);
        List<List<String>> gaps = new ArrayList<>();
        while (!free.isEmpty() && gaps.size() < most) {
            long last = free.last();
            long first = last;
            while (free.remove(first)) {
                first--;
            }
            gaps.add(List.of(Long.toString(first + 1), Long.toString(last)));
        }
        return gaps;
    }

    @Test
    void gapsReachToTheLastId() {
        assertThat(database.run(FeedRows.gaps(2 * LARGE, Long.MAX_VALUE, 9)))
                .containsExactly(List.of("200001", "9223372036854775807"));
        database.sql().run("insert into posts (id, title) values (9223372036854775807, 'last')");
        try {
            assertThat(database.run(FeedRows.gaps(2 * LARGE, Long.MAX_VALUE, 9)))
                    .containsExactly(List.of("200001", "9223372036854775806"));
            assertThat(database.run(FeedRows.gaps(Long.MAX_VALUE - 1, Long.MAX_VALUE, 9)))
                    .isEmpty();
            assertThat(ids(FeedRows.read(List.of(new IdRange(2 * LARGE, Long.MAX_VALUE)), 9, 1 << 20, Probes.NONE)))
                    .containsExactly(Long.MAX_VALUE);
        } finally {
            database.sql().run("delete from posts where id = 9223372036854775807");
        }
    }
}
