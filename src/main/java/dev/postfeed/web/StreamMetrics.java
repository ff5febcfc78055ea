package dev.postfeed.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;

/** What is counted of lists that go out as streams; each chunk once. */
@Component
class StreamMetrics {

    private final AtomicInteger open = new AtomicInteger();
    private final Counter rows;
    private final Counter bytes;
    private final Counter failed;
    private final Counter cancelled;

    StreamMetrics(MeterRegistry registry) {
        Gauge.builder("postfeed.streams.open", open, AtomicInteger::get)
                .description("Lists that are going out as streams")
                .register(registry);
        rows = Counter.builder("postfeed.streams.rows")
                .description("Rows of streams that were handed to the network")
                .register(registry);
        bytes = Counter.builder("postfeed.streams.sent")
                .baseUnit("bytes")
                .description("Bytes of streams that were handed to the network, before the framing of HTTP")
                .register(registry);
        failed = cut(registry, "failure");
        cancelled = cut(registry, "cancelled");
    }

    private static Counter cut(MeterRegistry registry, String reason) {
        return Counter.builder("postfeed.streams.cut")
                .tag("reason", reason)
                .description(
                        "Streams that had begun and ended before their end: by a failure, or cancelled (the client has"
                                + " gone, its token has expired)")
                .register(registry);
    }

    /** Counts a stream from now until it ends, one way or the other. */
    Flux<byte[]> watch(Flux<byte[]> stream) {
        return Flux.using(
                () -> {
                    open.incrementAndGet();
                    return new Watch();
                },
                watch -> stream.doOnNext(chunk -> watch.begun = true).doFinally(watch::ended),
                watch -> open.decrementAndGet());
    }

    void sent(int chunkRows, int chunkBytes) {
        rows.increment(chunkRows);
        bytes.increment(chunkBytes);
    }

    private final class Watch {

        private volatile boolean begun;

        void ended(SignalType end) {
            if (begun && end != SignalType.ON_COMPLETE) {
                (end == SignalType.CANCEL ? cancelled : failed).increment();
            }
        }
    }
}
