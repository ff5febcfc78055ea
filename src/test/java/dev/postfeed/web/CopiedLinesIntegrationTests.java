package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import io.r2dbc.pool.PoolMetrics;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.TestPropertySource;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** Lines go by COPY where that is the same as INSERT, and it is nobody's loss: the pool has one connection for each at work. */
@PostfeedTest
@TestPropertySource(properties = {"postfeed.pool.size=3", "postfeed.pool.max-overflow=0"})
class CopiedLinesIntegrationTests extends LinesFixture {

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final int LINES = 20_000;

    /** A trigger that writes down by which statement posts come: COPY, INSERT, or the one that does all. */
    @BeforeEach
    void watch() {
        sql.run("create table ways (way text)");
        sql.run("create function tell() returns trigger language plpgsql as"
                + " 'begin insert into ways values (split_part(current_query(), '' '', 1)); return null; end'");
        sql.run("create trigger tell after insert on posts for each statement execute function tell()");
        sql.run("create function keep() returns trigger language plpgsql as 'begin return new; end'");
    }

    @AfterEach
    void watchNoMore() {
        sql.run("drop function tell() cascade");
        sql.run("drop function keep() cascade");
        sql.run("drop table ways");
    }

    private Set<String> ways() {
        return Set.copyOf(sql.column("select distinct way from ways"));
    }

    @Test
    void linesThatComeFastAreCopied() throws Exception {
        List<JsonNode> lines = upload(LINES, i -> user).get();
        assertThat(lines)
                .hasSize(LINES)
                .allSatisfy(line -> assertThat(status(line)).isEqualTo(201));
        assertThat(stored()).isEqualTo(LINES);
        assertThat(ways()).contains("copy").doesNotContain("insert");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            create trigger keep before insert on posts for each row execute function keep() | drop trigger keep on posts
            alter table posts enable row level security | alter table posts disable row level security
            create rule keep as on update to posts where new.id is null do instead nothing | drop rule keep on posts
            """)
    void linesAreInsertedWhereThatIsNotTheSame(String difference, String end) throws Exception {
        sql.run(difference);
        List<JsonNode> lines;
        try {
            lines = upload(LINES, i -> user).get();
        } finally {
            sql.run(end);
            sql.run("vacuum posts"); // Until then the table counts as one with rules.
        }
        assertThat(lines)
                .hasSize(LINES)
                .allSatisfy(line -> assertThat(status(line)).isEqualTo(201));
        assertThat(stored()).isEqualTo(LINES);
        assertThat(ways()).contains("insert").doesNotContain("copy");
    }

    /** By a constraint of which the service knows nothing. */
    @Test
    void whatTheDatabaseRefusesIsAnsweredAsByInsert() {
        sql.run("alter table posts add constraint short check (length(title) < 100)");
        try {
            String copied = refusal();
            assertThat(ways()).contains("copy");
            sql.run("alter table posts enable row level security");
            assertThat(refusal()).isEqualTo(copied);
        } finally {
            sql.run("alter table posts disable row level security");
            sql.run("alter table posts drop constraint short");
        }
    }

    /** The last line, that of the first one without an answer; the batch is not stored. */
    private String refusal() {
        anotherTitle();
        List<JsonNode> lines = post(IntStream.rangeClosed(1, 9000)
                .mapToObj(i -> i == 8000 ? json("title", "x".repeat(100)) : line(user)));
        assertThat(lines.size()).isBetween(7001, 8000);
        assertThat(lines.subList(0, lines.size() - 1))
                .allSatisfy(line -> assertThat(status(line)).isEqualTo(201));
        assertThat(stored()).isEqualTo(lines.size() - 1);
        JsonNode last = lines.get(lines.size() - 1);
        return status(last) + " " + last.at("/problem/type").asString();
    }

    @Test
    void theBatchesBehindABadLineLeaveThePoolWhole() {
        Random random = new Random(3);
        List<String> servers = List.of();
        for (int round = 0; round < 100; round++) {
            anotherTitle();
            int bad = 1500 + random.nextInt(2000);
            boolean malformed = round % 2 == 0;
            List<JsonNode> lines = post(IntStream.rangeClosed(1, 6000)
                    .mapToObj(i -> i == bad && malformed ? "{}" : line(i == bad ? NOBODY : user)));
            assertThat(lines).hasSize(bad);
            assertThat(status(lines.get(bad - 1))).isEqualTo(422);
            assertThat(stored()).isEqualTo(bad - 1);
            if (round == 0) {
                servers = servers();
            }
        }
        assertThat(ways()).contains("copy");
        assertThat(servers()).as("none had to be closed").containsAll(servers);
        assertThat(Flux.range(0, 3)
                        .flatMap(i -> pool.create())
                        .collectList()
                        .flatMapMany(all -> Flux.fromIterable(all).flatMap(this::answersAndIsGivenBack))
                        .collectList()
                        .block(SOON))
                .containsExactly(1, 1, 1);
        PoolMetrics metrics = pool.getMetrics().orElseThrow();
        assertThat(metrics.acquiredSize()).isZero();
    }

    private Flux<Integer> answersAndIsGivenBack(Connection connection) {
        return Flux.from(connection
                        .createStatement("select $1::integer")
                        .bind(0, 1)
                        .execute())
                .concatMap(result -> result.map(row -> row.get(0, Integer.class)))
                .concatWith(Flux.from(connection.close()).cast(Integer.class));
    }

    private List<String> servers() {
        return sql.column("select pid from pg_stat_activity where application_name = 'postfeed'"
                + " and datname = current_database() order by pid");
    }

    private static int status(JsonNode line) {
        return line.path("status").asInt();
    }
}
