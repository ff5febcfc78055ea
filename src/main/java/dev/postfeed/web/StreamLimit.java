package dev.postfeed.web;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;

/** How many streams of rows, out and in, there are at once: each has some hundred kilobytes, however slow its client is. */
@Component
class StreamLimit {

    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    StreamLimit(LimitProperties limits) {
        this.most = limits.streams();
    }

    /** The stream, from its subscription to its end one of those that are open; an error where they are as many as may be. */
    <T> Flux<T> admit(Flux<T> stream) {
        return Flux.defer(() -> {
            if (open.incrementAndGet() > most) {
                open.decrementAndGet();
                return Flux.error(new Problem(
                        ProblemType.OVERLOADED,
                        "the node has as many streams as it may have (POSTFEED_LIMITS_STREAMS=" + most
                                + "); try again, or elsewhere"));
            }
            return stream.doFinally(end -> open.decrementAndGet());
        });
    }
}
