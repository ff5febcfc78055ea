package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

/** Requests that wait for each other, on a real pool and a real PostgreSQL; HTTP does not come into it. */
@PostfeedTest
class CoalescerIntegrationTests {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String TERMINATE = "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            + " where datname = current_database() and application_name = 'postfeed'";

    @Autowired
    ConnectionPool pool;

    @Autowired
    MeterRegistry registry;

    Sql sql;

    /** What each statement was asked, in the order in which they began. */
    final List<List<Integer>> statements = Collections.synchronizedList(new ArrayList<>());

    final AtomicInteger atOnce = new AtomicInteger();
    final AtomicInteger mostAtOnce = new AtomicInteger();

    /** For how long PostgreSQL is at each statement. */
    volatile double seconds = 0.05;

    @Autowired
    Coalescers coalescers;

    @Autowired
    RequestLoops loops;

    @Autowired
    LoopResources resources;

    Coalescer<Integer, Integer> coalescer;

    @BeforeEach
    void create(@Value("${postfeed.database.url}") String url) {
        sql = new Sql(url);
        coalescer = coalescers.writes(this::negate, n -> 1);
    }

    @AfterEach
    void thePoolIsWhole() throws InterruptedException {
        Await.until(() -> pool.getMetrics().orElseThrow().acquiredSize() == 0);
    }

    /** Each gets its own number, negative; of 13 nothing, and 17 is an error. */
    private Mono<List<Mono<Integer>>> negate(Connection connection, List<Integer> requests) {
        statements.add(requests);
        mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        return Flux.<Result>from(connection
                        .createStatement("select -n from unnest($1::int[]) n, pg_sleep($2)")
                        .bind(0, requests.toArray(Integer[]::new))
                        .bind(1, seconds)
                        .execute())
                .concatMap(result -> result.map(row -> row.get(0, Integer.class)))
                .collect(Collectors.toMap(number -> -number, number -> number))
                .map(numbers -> requests.stream()
                        .map(n -> n == 13
                                ? Mono.<Integer>empty()
                                : n == 17
                                        ? Mono.<Integer>error(new IllegalStateException("17"))
                                        : Mono.just(numbers.get(n)))
                        .toList())
                .doFinally(end -> atOnce.decrementAndGet());
    }

    @Test
    void oneThatIsAloneGoesAtOnceAndByItself() {
        seconds = 0;
        for (int i = 0; i < 10; i++) {
            assertThat(coalescer.submit(i).block(LONG)).isEqualTo(-i);
        }
        assertThat(statements).hasSize(10);
    }

    @Test
    void thoseThatComeMeanwhileGoTogetherInTheirOrder() {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        Flux.range(1000, 1000)
                .flatMap(n -> coalescer.submit(n).doOnNext(answer -> order.add(-answer)), 1000)
                .blockLast(LONG);
        List<Integer> all = IntStream.range(1000, 2000).boxed().toList();
        assertThat(statements.stream().flatMap(List::stream)).containsExactlyElementsOf(all);
        assertThat(order).containsExactlyInAnyOrderElementsOf(all);
        assertThat(statements).hasSizeLessThan(20).allMatch(asked -> asked.size() <= Coalescers.MOST_WRITTEN);
        assertThat(mostAtOnce).hasValue(Coalescer.MOST_STATEMENTS);
        // Nobody waits for those who came after: of two statements at once the later may be the faster, no more.
        for (int i = 0; i < order.size(); i++) {
            assertThat(order.get(i) - 1000).isLessThan(i + 2 * Coalescers.MOST_WRITTEN + 1);
        }
    }

    @Test
    void eachHasAnOutcomeOfItsOwn() {
        List<String> outcomes = Flux.range(1, 40)
                .flatMapSequential(
                        n -> coalescer
                                .submit(n)
                                .map(String::valueOf)
                                .defaultIfEmpty("none")
                                .onErrorResume(e -> Mono.just(e.getMessage())),
                        40)
                .collectList()
                .block(LONG);
        assertThat(outcomes)
                .isEqualTo(IntStream.rangeClosed(1, 40)
                        .mapToObj(n -> n == 13 ? "none" : n == 17 ? "17" : "" + -n)
                        .toList());
        assertThat(statements).hasSizeLessThan(10);
    }

    @Test
    void eachIsToldOnTheEventLoopOnWhichItCame() throws InterruptedException {
        List<EventExecutor> all = new ArrayList<>();
        resources.onServer(LoopResources.DEFAULT_NATIVE).forEach(all::add);
        assertThat(all).hasSizeGreaterThan(1);
        List<Boolean> toldThere = Collections.synchronizedList(new ArrayList<>());
        for (int i = 100; i < 140; i++) {
            EventExecutor loop = all.get(i % all.size());
            int n = i;
            loop.execute(() -> coalescer.submit(n).subscribe(answer -> toldThere.add(loop.inEventLoop())));
        }
        Await.until(() -> toldThere.size() == 40);
        assertThat(toldThere).containsOnly(true);
        assertThat(statements).hasSizeLessThan(10);
    }

    /** From now on others wait. */
    private void occupyBoth() throws InterruptedException {
        for (int i = 1; i <= Coalescer.MOST_STATEMENTS; i++) {
            int begun = i;
            coalescer.submit(i).subscribe();
            Await.until(() -> statements.size() == begun);
        }
    }

    @Test
    void whoIsCancelledWhileItWaitsDropsOut() throws InterruptedException {
        seconds = 0.5;
        occupyBoth();
        List<Disposable> waiting = IntStream.range(100, 300)
                .mapToObj(n -> coalescer.submit(n).subscribe())
                .toList();
        for (int i = 0; i < waiting.size(); i += 2) {
            waiting.get(i).dispose();
        }
        assertThat(coalescer.submit(300).block(LONG)).isEqualTo(-300);
        assertThat(statements.stream().flatMap(List::stream))
                .hasSize(103)
                .allMatch(n -> n < 100 || n == 300 || n % 2 == 1);
    }

    @Test
    void whoIsCancelledWhileItIsServedDisturbsNobody() {
        for (int round = 0; round < 50; round++) {
            seconds = 0.002;
            List<Integer> answers = Flux.range(0, 40)
                    .flatMap(
                            n -> n % 3 == 0
                                    ? coalescer.submit(n).timeout(Duration.ofNanos(n * 50_000L), Mono.empty())
                                    : coalescer.submit(n),
                            40)
                    .filter(answer -> answer % 3 != 0)
                    .onErrorContinue((e, n) -> assertThat(e).hasMessage("17"))
                    .collectList()
                    .block(LONG);
            assertThat(answers)
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 40)
                            .filter(n -> n % 3 != 0 && n != 13 && n != 17)
                            .mapToObj(n -> -n)
                            .toList());
        }
    }

    @Test
    void aConnectionThatIsEndedFailsThoseThatWereOnIt() throws InterruptedException {
        seconds = 5;
        Mono<List<Throwable>> running = Flux.range(1, 3)
                .flatMap(n -> coalescer
                        .submit(n)
                        .ignoreElement()
                        .cast(Throwable.class)
                        .onErrorResume(Mono::just))
                .collectList()
                .cache();
        running.subscribe();
        Await.until(() -> sql.number("select count(*) from pg_stat_activity"
                        + " where datname = current_database() and wait_event = 'PgSleep'")
                > 0);
        seconds = 0;
        sql.number(TERMINATE);
        assertThat(coalescer.submit(4).block(LONG)).as("one that comes after").isEqualTo(-4);
        assertThat(running.block(LONG)).isNotEmpty().allMatch(SqlStates::isConnectionLost);
    }

    @Test
    void aStatementThatNobodyWaitsForAnyMoreIsGivenUp() throws InterruptedException {
        seconds = 15;
        Disposable one = coalescer.submit(1).subscribe();
        Await.until(() -> statements.size() == 1);
        one.dispose();
        Await.until(Duration.ofSeconds(5), () -> pool.getMetrics().orElseThrow().acquiredSize() == 0);
    }

    @Test
    void largeOnesGoInSmallerParts() {
        Coalescer<Integer, Integer> large = coalescers.writes(this::negate, n -> n < 10 ? 1024 * 1024 : 100_000);
        assertThat(Flux.range(0, 40)
                        .filter(n -> n != 13 && n != 17)
                        .flatMap(large::submit, 40)
                        .count()
                        .block(LONG))
                .isEqualTo(38);
        assertThat(statements).allMatch(asked -> asked.size() <= 10 && (asked.get(0) >= 10 || asked.size() == 1));
    }

    @Test
    void nobodyWaitsLongerThanForAConnection() throws InterruptedException {
        seconds = 2;
        MeterRegistry own = new SimpleMeterRegistry();
        coalescer = new Coalescers(pool, Duration.ofMillis(300), own, loops).writes(this::negate, n -> 1);
        occupyBoth();
        StepVerifier.create(coalescer.submit(50))
                .expectErrorSatisfies(
                        e -> assertThat(((R2dbcException) e).getSqlState()).isEqualTo("53300"))
                .verify(Duration.ofMillis(1500));
        assertThat(own.get("postfeed.coalescer.refusals")
                        .tag("reason", "timeout")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void moreThanMayWaitAreRefusedAtOnce() throws InterruptedException {
        seconds = 1;
        occupyBoth();
        double refused = refused("full");
        int most = pool.getMetrics().orElseThrow().getMaxAllocatedSize()
                + pool.getMetrics().orElseThrow().getMaxPendingAcquireSize();
        List<Disposable> waiting = IntStream.range(100, most + 100)
                .mapToObj(n -> coalescer.submit(n).subscribe())
                .toList();
        StepVerifier.create(coalescer.submit(50))
                .expectErrorSatisfies(
                        e -> assertThat(((R2dbcException) e).getSqlState()).isEqualTo("53300"))
                .verify(Duration.ofMillis(900));
        assertThat(refused("full")).isEqualTo(refused + 1);
        assertThat(registry.get("postfeed.coalescer.waiting").gauge().value()).isEqualTo(most);
        waiting.forEach(Disposable::dispose);
        assertThat(registry.get("postfeed.coalescer.waiting").gauge().value()).isZero();
        seconds = 0;
        assertThat(coalescer.submit(1).block(LONG)).isEqualTo(-1);
    }

    private double refused(String reason) {
        return registry.get("postfeed.coalescer.refusals")
                .tag("reason", reason)
                .counter()
                .count();
    }
}
