package dev.postfeed.replica;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A read of posts that takes its time. */
final class Slow {

    private static final String SQL = "select count(*)::text from posts, pg_sleep($1)";

    private Slow() {}

    static Mono<String> count(ConnectionPool connections) {
        return Mono.usingWhen(
                connections.create(),
                connection -> Flux.<Result>from(
                                connection.createStatement(SQL).bind(0, 25).execute())
                        .concatMap(result -> result.map(row -> row.get(0, String.class)))
                        .single(),
                Connection::close);
    }

    static boolean isRunning(TwoNodes nodes) {
        return nodes.holdsOnStandby(
                "select count(*) > 0 from pg_stat_activity where state = 'active' and query like '%, pg_sleep($1)'");
    }
}
