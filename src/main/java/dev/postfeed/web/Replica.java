package dev.postfeed.web;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** A copy of the database that is read from and may be behind; there is one only where the settings name it. */
public interface Replica {

    ConnectionPool connections();

    /**
     * Completes when statements on the connection, which is one of {@link #connections()}, see whatever was promised before to
     * a read that {@link #read} has sent here; an error where they may not.
     */
    Mono<Void> current(Connection connection);

    /**
     * The one or the other, as the context of who subscribes says what has to be seen; the primary too where the replica
     * fails.
     */
    <T> Mono<T> read(Mono<T> fromReplica, Mono<T> fromPrimary);

    /** Context of reads that follow each other: after one of the primary none is the replica's, which may be older. */
    ContextView inTurn();

    /** Context of reads that see all that is acknowledged. */
    ContextView all();

    /** Context of reads that follow each other, and see all that could be seen when this is subscribed to. */
    Mono<ContextView> allSoFar();

    /** @param bookmark what can be said at any time of all that can be seen then; called now and then */
    void remember(Supplier<@Nullable String> bookmark);

    /** What was said last of what every later read sees, wherever it is sent; null where that may be the primary alone. */
    @Nullable
    String bookmark();
}
