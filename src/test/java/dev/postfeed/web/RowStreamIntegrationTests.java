package dev.postfeed.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import dev.postfeed.query.ListQuery;
import dev.postfeed.query.Position;
import dev.postfeed.query.Table;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.PoolMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.TestPropertySource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** When a stream reads, and when it does not. */
@PostfeedTest
@TestPropertySource(properties = "spring.application.name=row-stream") // rows of its own
class RowStreamIntegrationTests {

    private static final int ROWS = 2000;
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration A_WHILE = Duration.ofMillis(300);

    AtomicInteger read = new AtomicInteger();
    ListReader reader;
    PoolMetrics pool;

    @BeforeEach
    void connect(
            @Autowired ConnectionPool connections,
            @Autowired ReadSources sources,
            @Value("${postfeed.database.url}") String url) {
        pool = connections.getMetrics().orElseThrow();
        Sql sql = new Sql(url);
        if (sql.number("select count(*) from posts") == 0) {
            sql.run(
                    "insert into posts (title, content) select 't', repeat('x', 1000) from generate_series(1, ?)",
                    ROWS);
        }
        reader = new ListReader(sources) {
            @Override
            Mono<RowBuffer> chunk(
                    ListQuery query, ListForm form, String prefix, @Nullable Position after, int rows, int bytes) {
                return super.chunk(query, form, prefix, after, rows, bytes).doOnNext(chunk -> read.incrementAndGet());
            }
        };
    }

    @Test
    void readsOneChunkAheadOfAClientThatTakesNone() throws InterruptedException {
        Sinks.Empty<Void> taken = Sinks.empty();
        StepVerifier.create(stream(taken.asMono()))
                .expectSubscription()
                .expectNoEvent(A_WHILE)
                .then(() -> assertThat(read).hasValue(1))
                .then(() -> assertThat(pool.acquiredSize()).isZero())
                .thenCancel()
                .verify();
        Await.until(() -> pool.acquiredSize() == 0);
    }

    @Test
    void readsTheNextChunkWhileTheClientTakesOne() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        // The first three are taken at once, the fourth never.
        Mono<Void> taken = Mono.defer(() -> asked.incrementAndGet() <= 3 ? Mono.empty() : Mono.never());
        StepVerifier.create(stream(taken))
                .expectNextCount(3)
                .expectNoEvent(A_WHILE)
                .then(() -> assertThat(read).hasValue(4))
                .then(() -> assertThat(pool.acquiredSize()).isZero())
                .thenCancel()
                .verify();
    }

    @Test
    void holdsNoConnectionWithoutDemand() throws InterruptedException {
        StepVerifier.create(stream(Mono.empty()), 0)
                .expectSubscription()
                .thenAwait(A_WHILE)
                .then(() -> assertThat(pool.acquiredSize()).isZero())
                .thenRequest(2)
                .expectNextCount(2)
                .thenAwait(A_WHILE)
                .then(() -> assertThat(pool.acquiredSize()).isZero())
                .then(() -> assertThat(read).hasValueBetween(2, 3))
                .thenRequest(Long.MAX_VALUE)
                .thenConsumeWhile(chunk -> true)
                .verifyComplete();
    }

    @Test
    void flushesBySizeNotByRow() {
        List<byte[]> chunks = stream(Mono.empty()).collectList().block(LONG);
        assertThat(chunks).hasSizeBetween(16, 24);
        assertThat(chunks.subList(1, chunks.size() - 1))
                .allSatisfy(chunk -> assertThat(chunk.length).isBetween(80_000, 140_000));
        assertThat(Flux.fromIterable(chunks)
                        .map(chunk -> new String(chunk, UTF_8).lines().count())
                        .reduce(Long::sum)
                        .block(LONG))
                .isEqualTo(ROWS);
    }

    @Test
    void everySubscriberGetsAStreamOfItsOwn() {
        Flux<byte[]> stream = stream(Mono.empty());
        long first = stream.map(chunk -> (long) chunk.length).reduce(Long::sum).block(LONG);
        long second = stream.map(chunk -> (long) chunk.length).reduce(Long::sum).block(LONG);
        assertThat(second).isEqualTo(first);
    }

    private Flux<byte[]> stream(Mono<Void> taken) {
        ListQuery query = ListQuery.of(Table.POSTS, "/posts", Map.of());
        return RowStream.of(
                reader, new StreamMetrics(new SimpleMeterRegistry()), query, ListForm.NDJSON, taken, Mono.empty());
    }
}
