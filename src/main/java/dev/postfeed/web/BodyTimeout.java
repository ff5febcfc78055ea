package dev.postfeed.web;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How long a client may take to send what it has announced. */
@Component
class BodyTimeout {

    private final Duration longest;

    BodyTimeout(LimitProperties limits) {
        this.longest = limits.bodyTimeout();
    }

    /** The whole body, within the time. */
    Mono<byte[]> whole(ServerRequest request) {
        return RequestBody.bytes(request)
                .timeout(longest, Mono.error(() -> tooSlow("the body has not come within " + seconds())));
    }

    /** A watch over an upload. */
    Watch watch() {
        return new Watch();
    }

    private String seconds() {
        return longest.toMillis() / 1000.0 + " s";
    }

    private static Problem tooSlow(String detail) {
        return new Problem(ProblemType.REQUEST_TIMEOUT, detail);
    }

    /**
     * Over an upload, which may take any time, and is held back while what has come of it is written: only a client that sends
     * nothing, though nothing of its is under way, is too slow.
     */
    final class Watch {

        private final AtomicInteger underWay = new AtomicInteger();
        private volatile long silentSince = System.nanoTime();

        /** What has come, and an error after too long a silence. */
        <T> Flux<T> over(Flux<T> body) {
            return Flux.defer(() -> {
                silentSince = System.nanoTime(); // What came before this waited for us.
                return body.doOnNext(bytes -> silentSince = System.nanoTime()).takeUntilOther(silence());
            });
        }

        /** Work on what has come. */
        <T> Flux<T> during(Flux<T> work) {
            return Flux.defer(() -> {
                underWay.incrementAndGet();
                return work.doFinally(end -> {
                    silentSince = System.nanoTime();
                    underWay.decrementAndGet();
                });
            });
        }

        private Mono<Void> silence() {
            return Mono.defer(() -> Mono.delay(left()))
                    .repeat(() -> !left().isNegative() && !left().isZero())
                    .then(Mono.error(() -> tooSlow("nothing more of the upload has come for " + seconds())));
        }

        private Duration left() {
            return underWay.get() > 0 ? longest : longest.minusNanos(System.nanoTime() - silentSince);
        }
    }
}
