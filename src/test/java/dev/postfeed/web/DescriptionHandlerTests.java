package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Files that are read when they are asked for. */
class DescriptionHandlerTests {

    @Test
    void whatWasReadIsKeptAndAnErrorIsNot() {
        AtomicInteger reads = new AtomicInteger();
        Mono<String> file = DescriptionHandler.once(() -> {
            if (reads.incrementAndGet() == 1) {
                throw new IOException("too many open files");
            }
            return "read";
        });
        StepVerifier.create(file).verifyErrorMessage("too many open files");
        StepVerifier.create(file).expectNext("read").verifyComplete();
        StepVerifier.create(file).expectNext("read").verifyComplete();
        assertThat(reads).hasValue(2);
    }
}
