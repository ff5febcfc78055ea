package dev.postfeed.web;

import io.r2dbc.postgresql.api.PostgresqlException;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTransientResourceException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.pool.PoolShutdownException;

/**
 * What a failure of the database means to the client: SQLSTATE, or a prefix of it, to problem; the longest that fits.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
final class SqlStates {

    private static final Meaning UNAVAILABLE =
            new Meaning(ProblemType.DATABASE_UNAVAILABLE, "the database does not answer; try again");
    private static final Meaning NO_CONNECTION =
            new Meaning(ProblemType.OVERLOADED, "no database connection came free in time; try again");
    private static final Meaning UNSTORABLE =
            new Meaning(ProblemType.INVALID_VALUE, "a value has a character that the database cannot store");

    private static final Map<String, Meaning> MEANINGS = Map.ofEntries(
            Map.entry("08", UNAVAILABLE), // connection exception
            Map.entry("57P", UNAVAILABLE), // shutdown, crash, starting up
            Map.entry("28", UNAVAILABLE), // the server no longer lets us in
            Map.entry("3D", UNAVAILABLE), // the database is gone
            Map.entry("25006", UNAVAILABLE), // read-only: a standby, after a failover
            Map.entry("53300", NO_CONNECTION), // too many connections: the server's word, and our pool's
            Map.entry("53", new Meaning(ProblemType.STORAGE_FULL, "the database has no room for more")),
            Map.entry("57014", new Meaning(ProblemType.OVERLOADED, "the statement took too long; try again")),
            Map.entry("55P03", new Meaning(ProblemType.OVERLOADED, "the row is locked; try again")),
            Map.entry("40", new Meaning(ProblemType.OVERLOADED, "others change the same rows; try again")),
            Map.entry(
                    "23505",
                    new Meaning(ProblemType.EMAIL_TAKEN, "is taken by another user", "/email")), // but see ID_TAKEN
            Map.entry("23503", new Meaning(ProblemType.INVALID_VALUE, "is the id of no user", "/user_id")),
            Map.entry("22021", UNSTORABLE), // the database's encoding lacks the character
            Map.entry("22P05", UNSTORABLE));

    /** Of the schema: unique, foreign key. */
    private static final Set<String> CONSTRAINTS = Set.of("23505", "23503");

    /** Connection failures and ends that come in the midst of a statement: 08003, 08006, an administrator, a crash. */
    private static final Set<String> LOST = Set.of("08003", "08006", "57P01", "57P02");

    /** Connections, read-only servers, logins, databases, resources, operators, the system, faults. */
    private static final Set<String> NOT_OF_A_ROW = Set.of("08", "25", "28", "3D", "53", "57", "58", "XX");

    /** Row level security and the like, columns of other types, no plain table. */
    private static final Set<String> NO_COPY = Set.of("0A000", "22P03", "22P04", "42809");

    /** A row was given by hand an id that the sequence had not reached; drawing the next one may help. */
    private static final Meaning ID_TAKEN =
            new Meaning(ProblemType.OVERLOADED, "the id of the new row was taken by hand; try again");

    private SqlStates() {}

    /** The problem that a failure of the database is; null when it is none, or a fault of ours. */
    static @Nullable Problem problem(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof R2dbcException sql) {
                Meaning meaning = meaning(sql);
                return meaning == null ? null : meaning.problem(failure);
            }
            // The driver lets a failure to write to its socket through as it is.
            if (cause instanceof PoolShutdownException || cause instanceof IOException) {
                return UNAVAILABLE.problem(failure);
            }
        }
        return null;
    }

    /** Deadlocks, serialization failures, ids taken by hand: the same may well succeed when it is done again. */
    static boolean isWorthAnotherTry(Throwable failure) {
        R2dbcException sql = sql(failure);
        return sql != null && (isIdTaken(sql) || state(sql).startsWith("40"));
    }

    /** The same, and constraints that were kept when the statement began: somebody else was faster. */
    static boolean isRace(Throwable failure) {
        R2dbcException sql = sql(failure);
        return isWorthAnotherTry(failure) || (sql != null && CONSTRAINTS.contains(state(sql)));
    }

    /** A connection that was there has gone: what only reads may be asked again on another one. */
    static boolean isConnectionLost(Throwable failure) {
        R2dbcException sql = sql(failure);
        return sql == null
                ? failure instanceof IOException
                : (sql instanceof R2dbcNonTransientResourceException
                                && state(sql).isEmpty())
                        || LOST.contains(state(sql));
    }

    /** What the server itself said of a statement, and one row of many may have caused: nothing of it is stored. */
    static boolean isOfARow(Throwable failure) {
        R2dbcException sql = sql(failure);
        return sql instanceof PostgresqlException && NOT_OF_A_ROW.stream().noneMatch(state(sql)::startsWith);
    }

    /** The server does not take COPY of these rows, whatever is in them. */
    static boolean isCopyRefused(Throwable failure) {
        R2dbcException sql = sql(failure);
        return sql != null && NO_COPY.contains(state(sql));
    }

    private static @Nullable R2dbcException sql(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof R2dbcException sql) {
                return sql;
            }
        }
        return null;
    }

    private static String state(R2dbcException failure) {
        return failure.getSqlState() == null ? "" : failure.getSqlState();
    }

    /** The unique constraints are the one on the email, whatever an adopted schema calls it, and the primary keys. */
    private static boolean isIdTaken(R2dbcException failure) {
        return "23505".equals(failure.getSqlState())
                && failure instanceof PostgresqlException server
                && server.getErrorDetails()
                        .getConstraintName()
                        .filter(name -> name.endsWith("_pkey"))
                        .isPresent();
    }

    private static @Nullable Meaning meaning(R2dbcException failure) {
        if (isIdTaken(failure)) {
            return ID_TAKEN;
        }
        String state = state(failure);
        for (int length = state.length(); length >= 2; length--) {
            Meaning meaning = MEANINGS.get(state.substring(0, length));
            if (meaning != null) {
                return meaning;
            }
        }
        // The driver's own failures (connection closed, reset) have no SQLSTATE.
        boolean resource = failure instanceof R2dbcNonTransientResourceException
                || failure instanceof R2dbcTransientResourceException;
        return resource && state.isEmpty() ? UNAVAILABLE : null;
    }

    private record Meaning(
            ProblemType type, String detail, @Nullable String pointer) {

        Meaning(ProblemType type, String detail) {
            this(type, detail, null);
        }

        Problem problem(Throwable cause) {
            return pointer == null
                    ? new Problem(type, detail, List.of(), cause)
                    : new Problem(type, pointer + " " + detail, List.of(new Problem.Violation(pointer, detail)), cause);
        }
    }
}
