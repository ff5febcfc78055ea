package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The pool's clock, in virtual time: a server that never lets anybody in. */
class DatabasePoolTimeoutTests {

    @Test
    void aLoginThatHangsGivesItsPlaceBack() {
        StepVerifier.withVirtualTime(() -> {
                    DatabasePool pool = pool(Duration.ofSeconds(30), Duration.ofSeconds(5));
                    return pool.create()
                            .onErrorResume(first -> state(first, "08001").then(pool.create()));
                })
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(9))
                .thenAwait(Duration.ofSeconds(1))
                .expectErrorSatisfies(second ->
                        assertThat(((R2dbcException) second).getSqlState()).isEqualTo("08001"))
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void theWholeWaitEndsWithThePoolsTimeout() {
        StepVerifier.withVirtualTime(
                        () -> pool(Duration.ofSeconds(3), Duration.ofSeconds(5)).create())
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(2999))
                .thenAwait(Duration.ofMillis(1))
                .expectErrorSatisfies(failure ->
                        assertThat(((R2dbcException) failure).getSqlState()).isEqualTo("53300"))
                .verify(Duration.ofSeconds(10));
    }

    private static Mono<Connection> state(Throwable failure, String expected) {
        assertThat(((R2dbcException) failure).getSqlState()).isEqualTo(expected);
        return Mono.empty();
    }

    /** One place only: the second caller has to get the first one's. */
    private static DatabasePool pool(Duration timeout, Duration maxLoginTime) {
        PoolProperties properties = new PoolProperties(1, 0, timeout, PoolProperties.NEVER, true, 10);
        return DatabasePool.create(
                new NeverAnswering(),
                properties,
                maxLoginTime,
                DatabasePool.OVERFLOW_IDLE,
                new ConnectionEras(),
                new SimpleMeterRegistry());
    }

    private static final class NeverAnswering implements ConnectionFactory {

        @Override
        public Publisher<? extends Connection> create() {
            return Mono.never();
        }

        @Override
        public ConnectionFactoryMetadata getMetadata() {
            return () -> "never answering";
        }
    }
}
