package dev.postfeed.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;

/** What is counted of uploads of lines; each batch once. */
@Component
class UploadMetrics {

    private final AtomicInteger open = new AtomicInteger();
    private final Counter bytes;
    private final Map<LineOutcome, Counter> lines = new EnumMap<>(LineOutcome.class);

    UploadMetrics(MeterRegistry registry) {
        Gauge.builder("postfeed.uploads.open", open, AtomicInteger::get)
                .description("Uploads of lines that are under way")
                .register(registry);
        bytes = Counter.builder("postfeed.uploads.received")
                .baseUnit("bytes")
                .description("Bytes of uploads of lines")
                .register(registry);
        for (LineOutcome outcome : LineOutcome.values()) {
            lines.put(
                    outcome,
                    Counter.builder("postfeed.uploads.lines")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .description(
                                    "Lines that were answered: created (201), present (200), repeated (as before, on a"
                                            + " retry), refused (4xx), failed (5xx)")
                            .register(registry));
        }
    }

    /** Counts an upload from now until it ends, one way or the other. */
    <T> Flux<T> watch(Flux<T> answers) {
        return Flux.using(open::incrementAndGet, begun -> answers, begun -> open.decrementAndGet());
    }

    void received(byte[] part) {
        bytes.increment(part.length);
    }

    void answered(LineAnswers answers) {
        for (LineOutcome outcome : LineOutcome.values()) {
            if (answers.count(outcome) > 0) {
                Objects.requireNonNull(lines.get(outcome)).increment(answers.count(outcome));
            }
        }
    }
}
