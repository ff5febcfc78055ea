package dev.postfeed.replica;

import dev.postfeed.replica.Replayed.NotReplayedException;
import dev.postfeed.replica.ReplicaWatch.ReplicaDownException;
import io.r2dbc.postgresql.api.PostgresqlException;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import java.io.IOException;
import java.util.Set;

/** Which failures are the replica's, and not those of a statement: the primary is asked instead. */
final class ReplicaFailures {

    /** Connections, read-only or unknown to it, logins, databases, resources, shutdowns, the system, faults. */
    private static final Set<String> DEAD = Set.of("08", "25", "28", "3D", "57P", "58", "XX");

    /**
     * A statement in the way of what is replayed (40001, 40P01), a table that has not come yet.
     *
     * @see <a href="https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT">query conflicts</a>
     */
    private static final Set<String> IN_THE_WAY = Set.of("40", "42");

    /** Of the server, or of our own pool, where all connections are at work: that is no reason not to ask the replica again. */
    private static final String RESOURCES = "53";

    private ReplicaFailures() {}

    /** Whether the primary may well answer. */
    static boolean isOfTheReplica(Throwable failure) {
        return failure instanceof NotReplayedException
                || isOfTheServer(failure)
                || isOneOf(IN_THE_WAY, failure)
                || state(failure).startsWith(RESOURCES);
    }

    /** Whether the next read would fail as well. */
    static boolean isOfTheServer(Throwable failure) {
        return failure instanceof ReplicaDownException
                || failure instanceof IOException
                || isOneOf(DEAD, failure)
                || (failure instanceof PostgresqlException && state(failure).startsWith(RESOURCES))
                || (failure instanceof R2dbcNonTransientResourceException
                        && state(failure).isEmpty());
    }

    private static boolean isOneOf(Set<String> states, Throwable failure) {
        return states.stream().anyMatch(state(failure)::startsWith);
    }

    private static String state(Throwable failure) {
        String state = failure instanceof R2dbcException sql ? sql.getSqlState() : null;
        return state == null ? "" : state;
    }
}
