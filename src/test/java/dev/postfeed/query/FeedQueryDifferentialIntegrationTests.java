package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A filter of the feed means what it means in a list: decided of rows that were read for many subscribers, and decided
 * by PostgreSQL within ranges. Whatever the database's collation, which decides case and order.
 */
class FeedQueryDifferentialIntegrationTests {

    private static final long SEED = 20261122;
    private static final int POSTS = 150;
    private static final int ALL = 1000;
    private static final int SUBSCRIBERS = 10;

    private static final String DEFAULT = "";
    private static final String TURKISH = "template template0 locale_provider icu icu_locale 'tr-TR' locale 'C'";
    private static final String BUILTIN =
            "template template0 locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'";
    private static final String PLAIN_C = "template template0 locale 'C'";

    /** A row as the reader has it. */
    private record ReadRow(
            long id, @Nullable Long userId, boolean contentIsNull, String text, String marks, Probes probes)
            implements FeedRow {

        static ReadRow of(List<String> columns, Probes probes) {
            String userId = columns.get(1);
            return new ReadRow(
                    Long.parseLong(columns.get(0)),
                    userId == null ? null : Long.valueOf(userId),
                    Boolean.parseBoolean(columns.get(2)),
                    columns.get(3),
                    columns.get(4),
                    probes);
        }

        @Override
        public @Nullable Boolean holds(Probe probe) {
            return probes.result(marks, probe);
        }
    }

    private static QueryDatabase filled(String options, Random random) {
        QueryDatabase database = QueryDatabase.migrated(options);
        database.sql().run("insert into users (name, email) select 'u', i::text from generate_series(1, 3) i");
        List<String> times = new ArrayList<>(new TreeMap<>(RandomQueries.TIMES).values());
        times.add("2026-11-22 10:00:00.000002+00");
        for (int i = 0; i < POSTS; i++) {
            database.sql()
                    .run(
                            "insert into posts (id, title, content, user_id, created_at)"
                                    + " values (?, ?, nullif(?, 'null'), nullif(?, 0), ?::timestamptz)",
                            2L * i + 1,
                            RandomQueries.TEXTS.get(i % RandomQueries.TEXTS.size()),
                            RandomQueries.TEXTS.get(random.nextInt(RandomQueries.TEXTS.size())),
                            (long) random.nextInt(4),
                            times.get(random.nextInt(times.size())));
        }
        return database;
    }

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT, TURKISH, BUILTIN, PLAIN_C})
    void aFilterMeansWhatItMeansInAList(String options) {
        Random random = new Random(SEED);
        QueryDatabase database = filled(options, random);
        try {
            RandomQueries queries = new RandomQueries(random, Table.POSTS);
            int matching = 0;
            int probed = 0;
            for (int i = 0; i < 25; i++) {
                List<Map<String, List<String>>> subscribers = new ArrayList<>();
                for (int j = 0; j < SUBSCRIBERS; j++) {
                    subscribers.add(queries.filters().parameters());
                }
                matching += expectSame(database, subscribers, random);
                probed += subscribers.stream()
                        .mapToInt(s -> FeedQuery.of(s).probes().size())
                        .sum();
            }
            assertThat(matching).as("rows that matched").isGreaterThan(5_000);
            assertThat(probed).as("conditions that were PostgreSQL's").isGreaterThan(200);
        } finally {
            database.close();
        }
    }

    /** How many rows matched. */
    private static int expectSame(QueryDatabase database, List<Map<String, List<String>>> subscribers, Random random) {
        Set<Probe> needed = new LinkedHashSet<>();
        subscribers.forEach(parameters -> needed.addAll(FeedQuery.of(parameters).probes()));
        Probes probes = Probes.of(needed);
        List<ReadRow> rows =
                database
                        .run(FeedRows.read(List.of(new IdRange(1, Long.MAX_VALUE)), ALL, Integer.MAX_VALUE, probes))
                        .stream()
                        .map(columns -> ReadRow.of(columns, probes))
                        .toList();
        assertThat(rows).hasSize(POSTS);
        int matching = 0;
        for (Map<String, List<String>> parameters : subscribers) {
            FeedQuery query = FeedQuery.of(parameters);
            assertThat(probes.covers(query.probes())).isTrue();
            List<List<String>> list = list(database, parameters);
            assertThat(rows.stream().filter(query::matches).map(row -> List.of(Long.toString(row.id()), row.text())))
                    .as("decided of rows: %s", parameters)
                    .isEqualTo(list);
            List<IdRange> ranges = ranges(random);
            assertThat(database.run(query.rows(ranges, ALL, Integer.MAX_VALUE)))
                    .as("decided by PostgreSQL in %s: %s", ranges, parameters)
                    .isEqualTo(within(ranges, list));
            matching += list.size();
        }
        return matching;
    }

    /** Id and text of what the list of these filters has. */
    private static List<List<String>> list(QueryDatabase database, Map<String, List<String>> parameters) {
        ListQuery list = ListQuery.of(Table.POSTS, "/posts", parameters);
        return database.run(list.rows(RowForm.JSON, null, ALL, Integer.MAX_VALUE)).stream()
                .map(row -> List.of(idOf(row.get(0)), row.get(0)))
                .sorted((a, b) -> Long.compare(Long.parseLong(a.get(0)), Long.parseLong(b.get(0))))
                .toList();
    }

    private static String idOf(String json) {
        return json.substring("{\"id\":".length(), json.indexOf(','));
    }

    /** Ascending, of one id or many, next to each other or not, over ids that are there or not. */
    private static List<IdRange> ranges(Random random) {
        List<IdRange> ranges = new ArrayList<>();
        for (long first = 1 + random.nextInt(40); first < 2 * POSTS + 10; ) {
            long last = first + (random.nextBoolean() ? 0 : random.nextInt(120));
            ranges.add(new IdRange(first, last));
            first = last + 1 + random.nextInt(3) * random.nextInt(20);
        }
        return ranges;
    }

    private static List<List<String>> within(List<IdRange> ranges, List<List<String>> rows) {
        return rows.stream()
                .filter(row -> {
                    long id = Long.parseLong(row.get(0));
                    return ranges.stream().anyMatch(range -> range.first() <= id && id <= range.last());
                })
                .toList();
    }

    /** What made PostgreSQL the judge of texts. */
    @ParameterizedTest
    @ValueSource(strings = {DEFAULT, TURKISH})
    void caseIsTheCollations(String options) {
        QueryDatabase database = QueryDatabase.migrated(options);
        try {
            database.sql().run("insert into posts (title) values ('ISTANBUL')");
            FeedQuery query = FeedQuery.of(Map.of("title", List.of("ilike.istanbul")));
            Probes probes = Probes.of(query.probes());
            SqlStatement read = FeedRows.read(List.of(new IdRange(1, 1)), 1, 0, probes);
            ReadRow row = ReadRow.of(database.run(read).get(0), probes);
            assertThat(query.matches(row)).isEqualTo(options.equals(DEFAULT));
        } finally {
            database.close();
        }
    }
}
