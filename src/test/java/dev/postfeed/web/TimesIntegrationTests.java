package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What PostgreSQL writes is read as the driver reads it, whatever the zone of the session. */
@PostfeedTest
class TimesIntegrationTests {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Autowired
    ConnectionPool pool;

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Europe/Zurich", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"})
    void asTheDriverReadsThem(String zone) {
        // From the year 1 to 12,000, with none to six digits of the second.
        Long[] micros = LongStream.concat(
                        LongStream.of(0, 1, 999_999, -1, 1_000_000, 1_700_000_000_100_000L, -62_135_596_800_000_000L),
                        new Random(42).longs(2000, -62_135_596_800_000_000L, 316_500_000_000_000_000L))
                .map(value ->
                        value % 7 == 0 ? value / 1_000_000 * 1_000_000 : value % 5 == 0 ? value / 1000 * 1000 : value)
                .boxed()
                .toArray(Long[]::new);
        List<List<Instant>> read = Mono.usingWhen(
                        pool.create(), connection -> read(connection, zone, micros), Connection::close)
                .block(LONG);
        assertThat(read)
                .hasSize(micros.length)
                .allSatisfy(both -> assertThat(both.get(0)).isEqualTo(both.get(1)));
        assertThat(read.get(5).get(0)).isEqualTo(Instant.parse("2023-11-14T22:13:20.1Z"));
    }

    @Test
    void noneIsNone() {
        Boolean none = Mono.usingWhen(
                        pool.create(),
                        connection -> Flux.from(connection
                                        .createStatement("select null::timestamptz as at")
                                        .execute())
                                .concatMap(result -> result.map(row -> Times.get(row, "at") == null))
                                .next(),
                        Connection::close)
                .block(LONG);
        assertThat(none).isTrue();
    }

    private static Mono<List<List<Instant>>> read(Connection connection, String zone, Long[] micros) {
        return Flux.from(connection
                        .createStatement("set time zone '" + zone + "'")
                        .execute())
                .flatMap(result -> result.getRowsUpdated())
                .thenMany(Flux.from(connection
                                .createStatement("select 'epoch'::timestamptz + n * interval '1 microsecond' as at"
                                        + " from unnest($1::bigint[]) with ordinality as g (n, i) order by i")
                                .bind(0, micros)
                                .execute())
                        .concatMap(result ->
                                result.map(row -> List.of(Times.get(row, "at"), row.get("at", Instant.class)))))
                .collectList()
                .flatMap(all -> Flux.from(
                                connection.createStatement("reset time zone").execute())
                        .flatMap(result -> result.getRowsUpdated())
                        .then(Mono.just(all)));
    }
}
