package dev.postfeed.database;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.core.NestedExceptionUtils;
import reactor.core.publisher.Mono;

/**
 * One connection through the pooler before the first request is served. Liquibase, who says at start what is wrong with a
 * database, goes past it; and PgBouncer refuses what the driver sends at first ({@code extra_float_digits}) unless it is told.
 */
final class PoolerCheck implements InitializingBean {

    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final DatabaseUrl url;
    private final ConnectionFactory connections;

    PoolerCheck(DatabaseUrl url, ConnectionFactory connections) {
        this.url = url;
        this.connections = connections;
    }

    @Override
    public void afterPropertiesSet() throws InterruptedException {
        if (!url.pooled()) {
            return;
        }
        try {
            Mono.usingWhen(connections.create(), connection -> Mono.empty(), Connection::close)
                    .toFuture()
                    .get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw refused(
                    String.valueOf(NestedExceptionUtils.getMostSpecificCause(e).getMessage()));
        } catch (TimeoutException e) {
            throw refused("no answer within " + LONGEST.toSeconds() + " s");
        }
    }

    private InvalidSettingException refused(String reason) {
        return new InvalidSettingException(
                DatabaseProperties.URL, url.toString(), "the pooler refuses the connection: " + reason);
    }
}
