package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class BatchesTests {

    private final TestPublisher<List<Integer>> source = TestPublisher.create();

    @Test
    void whatFindsNobodyAtWorkGoesAtOnceAndTheRestPilesUp() {
        StepVerifier.create(batches(100, 1000), 0)
                .thenRequest(1)
                .then(() -> source.next(List.of(1)))
                .expectNext(List.of(1))
                .then(() -> source.next(List.of(2), List.of(), List.of(3, 4)))
                .thenRequest(1)
                .expectNext(List.of(2, 3, 4))
                .thenRequest(1)
                .then(() -> source.next(List.of()))
                .then(() -> source.next(List.of(5)))
                .expectNext(List.of(5))
                .then(source::complete)
                .verifyComplete();
    }

    @Test
    void aSecondOneGoesBesideTheFirstWhenThereIsEnoughForIt() {
        StepVerifier.create(new Batches<>(source.flux(), 100, 1000, i -> i, 2, 3), 0)
                .thenRequest(2)
                .then(() -> source.next(List.of(1)))
                .expectNext(List.of(1))
                .then(() -> source.next(List.of(2), List.of(3)))
                .expectNoEvent(Duration.ofMillis(50))
                .then(() -> source.next(List.of(4)))
                .expectNext(List.of(2, 3, 4))
                .then(() -> source.next(List.of(5, 6, 7, 8), List.of(9)))
                .thenRequest(1)
                .expectNext(List.of(5, 6, 7, 8, 9))
                .then(() -> source.next(List.of(10)))
                .thenRequest(1)
                .then(source::complete)
                .expectNoEvent(Duration.ofMillis(50))
                .thenRequest(1)
                .expectNext(List.of(10))
                .verifyComplete();
    }

    @Test
    void aBatchHasSoManyItemsAndSoMuchWeightAtMost() {
        StepVerifier.create(batches(3, 10), 0)
                .then(() -> source.next(List.of(1, 1, 1, 1, 8, 5, 20, 1)))
                .thenRequest(1)
                .expectNext(List.of(1, 1, 1))
                .thenRequest(3)
                .expectNext(List.of(1, 8), List.of(5), List.of(20))
                .then(source::complete)
                .thenRequest(1)
                .expectNext(List.of(1))
                .verifyComplete();
    }

    @Test
    void asksForAChunkAtATimeAndForNoneWhileABatchIsWaiting() {
        AtomicInteger asked = new AtomicInteger();
        Flux<List<Integer>> counted = Flux.range(0, 100).map(List::of).doOnRequest(n -> {
            assertThat(n).isEqualTo(1);
            asked.incrementAndGet();
        });
        StepVerifier.create(new Batches<>(counted, 10, 1000, i -> 1), 0)
                .then(() -> assertThat(asked).hasValue(10))
                .thenRequest(1)
                .expectNextCount(1)
                .then(() -> assertThat(asked).hasValue(20))
                .thenCancel()
                .verify();
        StepVerifier.create(new Batches<>(counted, 1000, 30, i -> 10), 0)
                .then(() -> assertThat(asked).hasValue(23))
                .thenCancel()
                .verify();
    }

    @Test
    void anErrorComesAtOnceAndDropsWhatWaits() {
        StepVerifier.create(batches(10, 10), 0)
                .then(() -> source.next(List.of(1)))
                .then(() -> source.error(new IllegalStateException("cut")))
                .expectErrorMessage("cut")
                .verify();
    }

    @Test
    void aCancelReachesTheSource() {
        StepVerifier.create(batches(10, 10), 1)
                .then(() -> source.next(List.of(1), List.of(2)))
                .expectNext(List.of(1))
                .thenCancel()
                .verify();
        source.assertCancelled();
    }

    @Test
    void anEmptySourceCompletesWithoutDemand() {
        StepVerifier.create(new Batches<>(Flux.<List<Integer>>empty(), 1, 1, i -> 1), 0)
                .verifyComplete();
    }

    /** Source and work on different threads, of any pace: every item once, in order, one batch at a time. */
    @RepeatedTest(20)
    void losesNothingBetweenThreads() {
        Random random = new Random();
        List<List<Integer>> chunks = new ArrayList<>();
        int items = 0;
        while (items < 20_000) {
            List<Integer> chunk = new ArrayList<>();
            for (int i = random.nextInt(30); i > 0; i--) {
                chunk.add(items++);
            }
            chunks.add(chunk);
        }
        AtomicInteger atWork = new AtomicInteger();
        List<Integer> seen = new Batches<>(
                        Flux.fromIterable(chunks).publishOn(Schedulers.parallel(), 1), 100, Long.MAX_VALUE, i -> 1)
                .concatMap(
                        batch -> Mono.fromCallable(() -> {
                                    assertThat(atWork.incrementAndGet()).isEqualTo(1);
                                    assertThat(batch).hasSizeBetween(1, 100);
                                    if (ThreadLocalRandom.current().nextInt(10) == 0) {
                                        Thread.sleep(0, 100_000);
                                    }
                                    atWork.decrementAndGet();
                                    return batch;
                                })
                                .subscribeOn(Schedulers.boundedElastic()),
                        0)
                .concatMapIterable(batch -> batch)
                .collectList()
                .block(Duration.ofSeconds(20));
        assertThat(seen).hasSize(items).isSorted().doesNotHaveDuplicates();
    }

    private Flux<List<Integer>> batches(int maxItems, long maxWeight) {
        return new Batches<>(source.flux(), maxItems, maxWeight, i -> i);
    }
}
