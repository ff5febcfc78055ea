package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.feed.FeedLog.Head;
import dev.postfeed.query.Probes;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FeedLogTests {

    @Test
    void keepsTheNewestEventsAsManyAsItHasPlacesFor() {
        FeedLog log = new FeedLog(4, 10_000);
        append(log, 10);
        assertThat(found(log)).containsExactly(6L, 7L, 8L, 9L);
        assertThat(log.next()).isEqualTo(10);
    }

    @Test
    void keepsNoMoreBytesThanItMay() {
        FeedLog log = new FeedLog(16, 3 * 256 + 100); // Each takes 256 bytes beside its own.
        log.append(event(0, 40));
        log.append(event(1, 40));
        log.append(event(2, 20));
        assertThat(found(log)).as("just as many").containsExactly(0L, 1L, 2L);
        log.append(event(3, 1));
        assertThat(found(log)).containsExactly(1L, 2L, 3L);
        log.append(event(4, 99));
        assertThat(found(log)).containsExactly(3L, 4L);
    }

    @Test
    void hasOneEventWhateverItsSize() {
        FeedLog log = new FeedLog(16, 3 * 256 + 100); // Each takes 256 bytes beside its own.
        log.append(event(0, 10));
        log.append(event(1, 1000));
        assertThat(found(log)).containsExactly(1L);
        log.append(event(2, 2000));
        assertThat(found(log)).containsExactly(2L);
        log.append(event(3, 60));
        log.append(event(4, 40));
        assertThat(found(log)).containsExactly(3L, 4L);
    }

    /** What was asked for before is not mistaken for what has its place now, nor what is yet to come for what has been. */
    @Test
    void anotherEventInTheSamePlaceIsNotIt() {
        FeedLog log = new FeedLog(4, 10_000);
        append(log, 6);
        assertThat(log.get(1)).isNull();
        assertThat(log.get(9)).isNull();
        assertThat(log.get(5)).isNotNull();
    }

    @Test
    void goesOnCountingAfterItForgot() {
        FeedLog log = new FeedLog(4, 100);
        append(log, 3);
        log.clear();
        assertThat(found(log)).isEmpty();
        assertThat(log.next()).isEqualTo(3);
        log.append(event(3, 100));
        assertThat(found(log)).as("the bytes are free again").containsExactly(3L);
        log.clear();
        log.clear();
        assertThat(found(log)).isEmpty();
    }

    @Test
    void hasNoEndBeforeTheFirstLook() {
        FeedLog log = new FeedLog(4, 100);
        assertThat(log.head()).isNull();
        log.publish(head(0));
        assertThat(log.head()).isEqualTo(head(0));
    }

    @Test
    void whoReadsMeanwhileSeesTheEventOrNone() throws Exception {
        FeedLog log = new FeedLog(8, 300);
        ExecutorService readers = Executors.newFixedThreadPool(2);
        try {
            List<Future<long[]>> reading = List.of(readers.submit(reader(log)), readers.submit(reader(log)));
            for (long number = 0; number < 200_000; number++) {
                log.append(event(number, (int) (number % 90)));
                log.publish(head(log.next()));
            }
            log.publish(head(-1));
            for (Future<long[]> one : reading) {
                long[] seen = one.get(30, TimeUnit.SECONDS);
                assertThat(seen[0]).as("events that were there").isPositive();
                assertThat(seen[1]).as("events that were others").isZero();
            }
        } finally {
            readers.shutdownNow();
        }
    }

    /** Counts the events that it found, and those that were not what it asked for. */
    private static Callable<long[]> reader(FeedLog log) {
        return () -> {
            long[] seen = new long[2];
            long from = 0;
            while (true) {
                Head head = log.head();
                if (head != null && head.next() < 0) {
                    return seen;
                }
                for (long number = from; head != null && number < head.next(); number++) {
                    FeedEvent event = log.get(number);
                    if (event != null) {
                        seen[0]++;
                        seen[1] += event.number() == number && event.id() == number + 1 ? 0 : 1;
                    }
                }
                from = head == null ? 0 : Math.max(0, head.next() - 10);
            }
        };
    }

    private static void append(FeedLog log, int events) {
        for (int i = 0; i < events; i++) {
            log.append(event(log.next(), 1));
        }
    }

    private static List<Long> found(FeedLog log) {
        return LongStream.range(0, log.next())
                .filter(number -> log.get(number) != null)
                .boxed()
                .toList();
    }

    private static FeedEvent event(long number, int bytes) {
        return new FeedEvent(
                number,
                number + 1,
                null,
                true,
                Probes.NONE,
                "",
                new FeedPosition(number + 1, IdRanges.NONE),
                new byte[bytes]);
    }

    private static Head head(long next) {
        return new Head(0, Timeline.FIRST, next, FeedPosition.EARLIEST, 0, "0");
    }
}
