package dev.postfeed.database;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ValidationDepth;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Whether the database lets Postfeed in and answers, asked on a connection outside the pool: a pool whose connections
 * are all at work is not ill. Probes within a second share one good answer.
 */
final class DatabaseHealth implements ReactiveHealthIndicator {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration GOOD_FOR = Duration.ofSeconds(1);

    private final Mono<Health> check;

    DatabaseHealth(ConnectionFactory connections) {
        check = Mono.usingWhen(connections.create(), DatabaseHealth::ask, Connection::close)
                .timeout(TIMEOUT)
                .onErrorResume(failure -> Mono.just(Health.down().build()))
                // What is good is good for a while; what is bad is asked again.
                .cache(
                        health -> health.getStatus().equals(Status.UP) ? GOOD_FOR : Duration.ZERO,
                        failure -> Duration.ZERO,
                        () -> Duration.ZERO);
    }

    private static Mono<Health> ask(Connection connection) {
        return Flux.from(connection.validate(ValidationDepth.REMOTE))
                .next()
                .map(valid -> (valid ? Health.up() : Health.down()).build());
    }

    @Override
    public Mono<Health> health() {
        return check;
    }
}
