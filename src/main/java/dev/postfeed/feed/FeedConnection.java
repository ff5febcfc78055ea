package dev.postfeed.feed;

import dev.postfeed.feed.Frontier.Look;
import dev.postfeed.query.FeedRows;
import dev.postfeed.query.IdRange;
import dev.postfeed.query.SqlStatement;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The reader's own connection, and what is said on it. */
final class FeedConnection {

    /** Longer than the server lets a statement run: who is silent for this long has gone. */
    private static final Duration SILENCE = Duration.ofSeconds(12);

    private static final Duration LONGEST_LOGIN = Duration.ofSeconds(10);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    private static final String CHANNEL = "postfeed_feed";

    private static final String SEQUENCE = """
            select s.name, s.name::regclass::oid::bigint as oid, pg_backend_pid() as pid
            from (select pg_get_serial_sequence($1, 'id') as name) s""";

    /**
     * The sequence is read before the locks, and once: the list of locks depends on a copy of what was read. Locks that
     * are waited for are of those who have not drawn yet.
     */
    private static final String LOOK = """
            with s as materialized (select case when is_called then last_value else last_value - 1 end as drawn from %s)
            select s.drawn, array(
                select l.virtualtransaction from pg_locks l
                where l.locktype = 'relation' and l.relation = $1::bigint::oid and l.mode = 'RowExclusiveLock' and l.granted
                    and l.database = (select d.oid from pg_database d where d.datname = current_database())
                    and s.drawn is not null) as holders
            from s""";

    private final Connection connection;
    private final String look;
    private final long sequence;
    private final int pid;
    private final TimelineTable timelines;

    /** By the last look; negative before the first one. */
    private volatile long drawn = -1;

    private FeedConnection(
            Connection connection, String sequenceName, long sequence, int pid, TimelineTable timelines) {
        this.connection = connection;
        this.look = LOOK.formatted(sequenceName);
        this.sequence = sequence;
        this.pid = pid;
        this.timelines = timelines;
    }

    /** Opens one that listens to other nodes. */
    static Mono<FeedConnection> open(ConnectionFactory connections) {
        return Mono.<Connection>from(connections.create())
                .timeout(LONGEST_LOGIN)
                .flatMap(connection -> listening(connection)
                        .onErrorResume(failure -> Mono.from(connection.close()).then(Mono.error(failure))));
    }

    private static Mono<FeedConnection> listening(Connection connection) {
        Mono<FeedConnection> opened = TimelineTable.of(connection)
                .flatMap(timelines -> execute(
                                connection.createStatement(SEQUENCE).bind(0, "posts"),
                                row -> new FeedConnection(
                                        connection,
                                        Objects.requireNonNull(row.get("name", String.class)),
                                        Objects.requireNonNull(row.get("oid", Long.class)),
                                        Objects.requireNonNull(row.get("pid", Integer.class)),
                                        timelines))
                        .single());
        return execute(connection.createStatement("listen " + CHANNEL), row -> true)
                .then(opened);
    }

    /** Of the server; as long as the connection lasts it is the same. */
    Timeline timeline() {
        return timelines.timeline();
    }

    /** Lets those who come after a failover know what was drawn before it, every now and then. */
    Mono<Void> remember() {
        return Mono.defer(() -> drawn < 0 ? Mono.empty() : timelines.remember(drawn));
    }

    /** Rings of other nodes, a hint that there is something to read; some may be missed. */
    Flux<Integer> rings() {
        PostgresqlConnection server =
                Objects.requireNonNull(((Wrapped<?>) connection).unwrap(PostgresqlConnection.class));
        return server.getNotifications()
                .filter(notification -> notification.getProcessId() != pid)
                .map(notification -> notification.getProcessId());
    }

    /** Rings at the other nodes. */
    Mono<Void> ring() {
        return execute(connection.createStatement("select pg_notify($1, '')").bind(0, CHANNEL), row -> true)
                .then();
    }

    Mono<Look> look() {
        return execute(
                        connection.createStatement(look).bind(0, sequence),
                        row -> new Look(
                                Objects.requireNonNull(row.get("drawn", Long.class)),
                                new HashSet<>(List.of(Objects.requireNonNull(row.get("holders", String[].class))))))
                .single()
                .doOnNext(found -> drawn = found.drawn());
    }

    /** Ranges of ids between two that have no row, the newest first, at most so many. */
    Flux<IdRange> gaps(long after, long upTo, int most) {
        return rows(
                FeedRows.gaps(after, upTo, most),
                row -> new IdRange(
                        Objects.requireNonNull(row.get(0, Long.class)),
                        Objects.requireNonNull(row.get(1, Long.class))));
    }

    /** Rows of a statement of {@code query}. */
    <T> Flux<T> rows(SqlStatement sql, Function<Readable, T> mapping) {
        Statement statement = connection.createStatement(sql.sql());
        for (int i = 0; i < sql.binds().size(); i++) {
            statement.bind(i, sql.binds().get(i));
        }
        return execute(statement, mapping);
    }

    static <T> Flux<T> execute(Statement statement, Function<Readable, T> mapping) {
        return Flux.<Result>from(statement.execute())
                .concatMap(result -> result.map(mapping))
                .timeout(SILENCE);
    }

    Mono<Void> close() {
        return Mono.from(connection.close()).timeout(LONGEST_CLOSE).onErrorComplete();
    }
}
