package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The search where no host is writable, in virtual time. */
class WritableHostTests {

    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Refusing dead = new Refusing(Duration.ofMillis(100));
    private final Refusing silent = new Refusing(Duration.ofDays(1));

    @Test
    void asksAllHostsAtOnceForAllWhoWait() {
        StepVerifier.withVirtualTime(() -> {
                    WritableConnections connections = connections();
                    return Flux.range(0, 100)
                            .flatMap(
                                    i -> Mono.from(connections.create())
                                            .map(connection -> "opened")
                                            .onErrorResume(R2dbcException.class, e -> Mono.just(e.getSqlState())),
                                    100)
                            .collectList();
                })
                .expectSubscription()
                .expectNoEvent(LONGEST.minusMillis(1))
                .thenAwait(Duration.ofMillis(1))
                .assertNext(states -> assertThat(states).hasSize(100).containsOnly("08001"))
                .verifyComplete();
        assertThat(dead.asked).hasValue(1);
        assertThat(silent.asked).hasValue(1);
    }

    @Test
    void asksAgainEachTimeThatItFailed() {
        StepVerifier.withVirtualTime(() -> {
                    WritableConnections connections = connections();
                    return Flux.range(0, 3)
                            .concatMap(i -> Mono.from(connections.create())
                                    .map(connection -> "opened")
                                    .onErrorResume(
                                            R2dbcException.class, e -> Mono.just(String.valueOf(e.getMessage()))));
                })
                .thenAwait(LONGEST.multipliedBy(3))
                .recordWith(ArrayList::new)
                .expectNextCount(3)
                .consumeRecordedWith(said ->
                        assertThat(said).allSatisfy(each -> assertThat(each).contains("dead: no way", "silent: ")))
                .verifyComplete();
        assertThat(dead.asked).hasValue(3);
    }

    private WritableConnections connections() {
        List<DatabaseHost> hosts = List.of(
                new DatabaseHost("dead", dead, true, LONGEST), new DatabaseHost("silent", silent, true, LONGEST));
        return new WritableConnections(hosts, new WritableHost(hosts, new ConnectionEras()));
    }

    /** A host that lets nobody in, and says so after a while. */
    private static final class Refusing implements ConnectionFactory {

        private final Duration after;
        private final AtomicInteger asked = new AtomicInteger();

        Refusing(Duration after) {
            this.after = after;
        }

        @Override
        public Publisher<? extends Connection> create() {
            return Mono.delay(after)
                    .doOnSubscribe(subscribed -> asked.incrementAndGet())
                    .flatMap(passed -> Mono.error(new R2dbcNonTransientResourceException("no way", "08003")));
        }

        @Override
        public ConnectionFactoryMetadata getMetadata() {
            return () -> "refusing";
        }
    }
}
