package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@PostfeedTest
class SharedReadsIntegrationTests {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Autowired
    Coalescers coalescers;

    final Map<Integer, AtomicInteger> statements = new ConcurrentHashMap<>();

    /** For how long PostgreSQL is at a statement that begins now. */
    volatile double seconds = 0.05;

    private Mono<List<Mono<String>>> slow(Connection connection, List<Integer> all) {
        return slow(connection, all.get(0)).map(answer -> List.of(Mono.just(answer)));
    }

    /** The number of the statement, and what was asked. */
    private Mono<String> slow(Connection connection, Integer what) {
        int number = statements.computeIfAbsent(what, w -> new AtomicInteger()).incrementAndGet();
        return Flux.<Result>from(connection
                        .createStatement("select $1::text from pg_sleep($2)")
                        .bind(0, number + " of " + what)
                        .bind(1, seconds)
                        .execute())
                .concatMap(result -> result.map(row -> row.get(0, String.class)))
                .single();
    }

    @Test
    void thoseThatWantTheSameShareIt() throws InterruptedException {
        SharedReads<Integer, String> reads = new SharedReads<>(coalescers, what -> what, this::slow);
        seconds = 1;
        for (int begun = 1; begun <= Coalescer.MOST_STATEMENTS; begun++) {
            for (int what = 0; what < 3; what++) {
                reads.read(what).subscribe();
            }
            int all = begun;
            Await.until(() ->
                    statements.size() == 3 && statements.values().stream().allMatch(number -> number.get() == all));
        }
        seconds = 0.05;
        int waiting = 6 * Coalescers.MOST_READ;
        List<String> answers = Flux.range(0, 3 * waiting)
                .flatMapSequential(i -> reads.read(i % 3), 3 * waiting)
                .collectList()
                .block(LONG);
        assertThat(answers).hasSize(3 * waiting);
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i)).endsWith(" of " + i % 3);
        }
        assertThat(statements.values()).allMatch(number -> number.get() == Coalescer.MOST_STATEMENTS + 6);
        Await.until(() -> reads.size() == 0);
    }

    /** Or a client would not see what it has written itself. */
    @Test
    void nobodyGetsWhatWasAskedBeforeItCame() throws InterruptedException {
        SharedReads<Integer, String> reads = new SharedReads<>(coalescers, what -> what, this::slow);
        for (int i = 0; i < 20; i++) {
            int before = statements.containsKey(7) ? statements.get(7).get() : 0;
            Mono<String> first = reads.read(7).cache();
            first.subscribe();
            Await.until(() -> statements.containsKey(7) && statements.get(7).get() == before + 1);
            assertThat(reads.read(7).block(LONG)).isEqualTo(before + 2 + " of 7");
            assertThat(first.block(LONG)).isEqualTo(before + 1 + " of 7");
        }
    }
}
