package dev.postfeed.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import dev.postfeed.query.ListQuery;
import dev.postfeed.query.Table;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.TestPropertySource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Many clients that ask for different pages at once: each gets its own. */
@PostfeedTest
@TestPropertySource(properties = "spring.application.name=lists-together") // rows of its own
class ListsTogetherIntegrationTests {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int SMALL = 1000;

    /** Posts of which a statement has room for a few only. */
    private static final int LARGE = 40;

    private static final int BYTES = 400_000;
    private static final int LIMIT = 7;

    @Autowired
    ListReader reader;

    @Autowired
    ConnectionPool pool;

    @BeforeEach
    void fill(@Value("${postfeed.database.url}") String url) {
        Sql sql = new Sql(url);
        if (sql.number("select count(*) from posts") == 0) {
            sql.run("insert into posts (title, content) select 't' || i, 'small' from generate_series(1, ?) i", SMALL);
            sql.run(
                    "insert into posts (title, content) select 't', repeat('x', ?) from generate_series(1, ?)",
                    BYTES,
                    LARGE);
        }
    }

    @Test
    void eachGetsItsOwnPage() {
        expectPages(new Random(1).longs(500, 0, SMALL - LIMIT).boxed().toList());
    }

    /** Also where there is no room for all of them in a statement, and at the end of the list. */
    @Test
    void pagesWithoutRoomAreReadToo() throws InterruptedException {
        expectPages(new Random(2)
                .longs(120, SMALL - LIMIT, SMALL + LARGE + 5)
                .boxed()
                .toList());
        Await.until(() -> pool.getMetrics().orElseThrow().acquiredSize() == 0);
    }

    /** Statements of the same text may be of different selections: what one is ordered by the other has. */
    @Test
    void eachGetsItsOwnFields() {
        List<String> selections = List.of("title", "title,id");
        List<RowBuffer> pages = Flux.range(0, 400)
                .flatMapSequential(i -> page(10, selections.get(i % 2), LIMIT), 400)
                .collectList()
                .block(LONG);
        for (int i = 0; i < pages.size(); i++) {
            JsonNode first = new JsonMapper()
                    .readTree(new String(pages.get(i).toArray(), UTF_8))
                    .get(0);
            assertThat(String.join(",", first.propertyNames())).isEqualTo(selections.get(i % 2));
        }
    }

    /** Also of a list that goes with no other. */
    @Test
    void whoAsksForTheSameSharesIt() {
        for (Map<String, List<String>> same : List.of(
                Map.of("title", List.of("like.t9*"), "limit", List.of("" + LIMIT)),
                Map.of("id", List.of("in.(1,2)"), "limit", List.of("" + LIMIT)),
                Map.of("order", List.of("id.desc"), "limit", List.of("5")))) {
            List<Mono<RowBuffer>> all = Stream.generate(
                            () -> reader.page(ListQuery.of(Table.POSTS, "/posts", same), false))
                    .limit(160)
                    .toList();
            List<RowBuffer> pages = Flux.fromIterable(all)
                    .flatMapSequential(page -> page, all.size())
                    .collectList()
                    .block(LONG);
            assertThat(pages.stream().distinct().count()).isLessThan(80);
        }
    }

    /** Full pages are the end of their statement, and of nobody else's page. */
    @Test
    void aFullPageIsCutForItsClientOnly() {
        int limit = 15;
        List<Long> starts =
                new Random(3).longs(60, SMALL - 30, SMALL + 10).boxed().toList();
        List<RowBuffer> pages = Flux.fromIterable(starts)
                .flatMapSequential(start -> page(start, "id,content", limit), starts.size())
                .collectList()
                .block(LONG);
        for (int i = 0; i < starts.size(); i++) {
            long start = starts.get(i);
            JsonNode rows = new JsonMapper().readTree(new String(pages.get(i).toArray(), UTF_8));
            // Ten of the large ones are 4 MB, and an eleventh is more than 4 MiB.
            long small = Math.max(0, SMALL - start);
            long expected = Math.min(limit, small + 10);
            assertThat(rows.size()).as("after " + start).isEqualTo((int) expected);
            assertThat(rows.get(0).get("id").asLong()).isEqualTo(start + 1);
            assertThat(pages.get(i).isCut()).isTrue();
            assertThat(pages.get(i).last().key()).containsExactly(Long.toString(start + expected));
        }
    }

    private void expectPages(List<Long> starts) {
        List<RowBuffer> pages = Flux.fromIterable(starts)
                .flatMapSequential(start -> page(start, "id,content", LIMIT), starts.size())
                .collectList()
                .block(LONG);
        for (int i = 0; i < starts.size(); i++) {
            expectPage(starts.get(i), pages.get(i));
        }
    }

    private Mono<RowBuffer> page(long start, String selection, int limit) {
        ListQuery query = ListQuery.of(
                Table.POSTS,
                "/posts",
                Map.of(
                        "id",
                        List.of("gt." + start),
                        "order",
                        List.of("id"),
                        "select",
                        List.of(selection),
                        "limit",
                        List.of("" + limit)));
        return reader.page(query, false);
    }

    private static void expectPage(long start, RowBuffer page) {
        long last = Math.min(start + LIMIT, SMALL + LARGE);
        List<Long> expected = LongStream.rangeClosed(start + 1, last).boxed().toList();
        JsonNode rows = new JsonMapper().readTree(new String(page.toArray(), UTF_8));
        List<Long> ids = new ArrayList<>();
        for (JsonNode row : rows) {
            ids.add(row.get("id").asLong());
            assertThat(row.get("content").asString()).hasSize(row.get("id").asLong() <= SMALL ? 5 : BYTES);
        }
        assertThat(ids).isEqualTo(expected);
        assertThat(page.isCut()).isEqualTo(last < SMALL + LARGE);
        if (!expected.isEmpty()) {
            assertThat(page.last().key()).containsExactly(Long.toString(last));
        }
    }
}
