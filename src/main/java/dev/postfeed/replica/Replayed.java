package dev.postfeed.replica;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Wrapped;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What each connection's server has replayed, as it has said on this very connection: behind one address there may be several
 * servers, and one that restarts may have less than before, but as long as a connection lasts it only gets more.
 */
final class Replayed {

    /** Where the log begins; positions are counted from here. */
    static final String START = "0/0";

    /**
     * Of a standby the timeline is what its control file has: after a promotion elsewhere that is an older one until its next
     * restartpoint, so that it seems to have less than it has. A server that is no standby has all that it has written.
     */
    private static final String SQL = """
            select %s, (case when s.standby then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end
                    - $1::text::pg_lsn)::bigint as lsn,
                case when s.standby
                    then greatest((select timeline_id from pg_control_checkpoint()),
                        (select min_recovery_end_timeline from pg_control_recovery()))::bigint
                    else ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::bigint end as timeline
            from (select pg_is_in_recovery() as standby offset 0) s""".formatted(WalPosition.DATABASE);

    private final Map<PostgresqlConnection, WalPosition> known = Collections.synchronizedMap(new WeakHashMap<>());

    /** Asks the replica. */
    static Mono<WalPosition> ask(Connection replica) {
        return Flux.<Result>from(replica.createStatement(SQL).bind(0, START).execute())
                .concatMap(result -> result.map(row -> WalPosition.of(row, "lsn")))
                .single();
    }

    /**
     * Completes when the server has said so: only a statement after that is sure to see it. In the same one the rows may be of
     * before. An error where it has not.
     */
    Mono<Void> require(Connection replica, WalPosition position) {
        PostgresqlConnection server = Objects.requireNonNull(((Wrapped<?>) replica).unwrap(PostgresqlConnection.class));
        WalPosition before = known.get(server);
        if (before != null && position.isReachedBy(before)) {
            return Mono.empty();
        }
        return ask(replica)
                .doOnNext(now -> known.put(server, now))
                .filter(position::isReachedBy)
                .switchIfEmpty(Mono.error(NotReplayedException::new))
                .then();
    }

    /** The server behind this connection has less than another one. */
    static final class NotReplayedException extends RuntimeException {

        NotReplayedException() {
            super("the replica has not replayed what it should have", null, false, false);
        }

        static boolean is(@Nullable Throwable failure) {
            return failure instanceof NotReplayedException;
        }
    }
}
