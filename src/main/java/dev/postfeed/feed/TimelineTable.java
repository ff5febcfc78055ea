package dev.postfeed.feed;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The table that says of each timeline which ids had been drawn on it: written once a second while there are new ones, and frozen
 * when another timeline begins. A standby that takes over, or a backup, has it as of the last moment that it has anything of. So
 * what it says of an earlier timeline had been drawn in the past that both have in common, and is never drawn again.
 */
final class TimelineTable {

    private static final Logger log = LoggerFactory.getLogger(TimelineTable.class);

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Nobody waits for a synchronous standby to have what is written here. */
    private static final String SETTINGS = "set synchronous_commit to off";

    /** As the file that is being written is called; the function knows no other way to the timeline that a checkpoint does not delay. */
    private static final String ID =
            "select ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), $1))::bit(32)::int";

    private static final int ID_DIGITS = 8;

    private static final String SHARED = "select timeline, drawn from feed_timelines where timeline <> $1";

    /** Nor for one who has locked the row. */
    private static final String REMEMBER = """
            with hurry as materialized (select set_config('lock_timeout', '100ms', true))
            insert into feed_timelines as t (timeline, drawn) select $1, $2 from hurry
            on conflict (timeline) do update set drawn = excluded.drawn where t.drawn <> excluded.drawn""";

    /** Of servers that are no PostgreSQL in this: not supported, no such function, not allowed. */
    private static final Set<String> NO_TIMELINES = Set.of("0A000", "42883", "42501");

    private final Connection connection;
    private final Timeline timeline;
    private long remembered;
    private long last = System.nanoTime() - INTERVAL.toNanos();

    private TimelineTable(Connection connection, Timeline timeline) {
        this.connection = connection;
        this.timeline = timeline;
    }

    /** That of the server at the other end of a connection, on which nothing has been said yet. */
    static Mono<TimelineTable> of(Connection connection) {
        return FeedConnection.execute(connection.createStatement(SETTINGS), row -> true)
                .then(id(connection))
                .flatMap(id -> shared(connection, id))
                .map(timeline -> new TimelineTable(connection, timeline));
    }

    private static Mono<Integer> id(Connection connection) {
        return FeedConnection.execute(
                        connection.createStatement(ID).bind(0, ID_DIGITS),
                        row -> Objects.requireNonNull(row.get(0, Integer.class)))
                .single()
                .onErrorResume(
                        R2dbcException.class,
                        failure -> NO_TIMELINES.contains(failure.getSqlState())
                                ? Mono.just(Timeline.FIRST.id())
                                : Mono.error(failure));
    }

    private static Mono<Timeline> shared(Connection connection, int id) {
        return FeedConnection.execute(
                        connection.createStatement(SHARED).bind(0, id),
                        row -> Map.entry(
                                Objects.requireNonNull(row.get(0, Integer.class)),
                                Objects.requireNonNull(row.get(1, Long.class))))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue)
                .map(shared -> new Timeline(id, Map.copyOf(shared)));
    }

    Timeline timeline() {
        return timeline;
    }

    /**
     * Writes what has been drawn, if it is time to. Where that cannot be done, after a failover more comes again.
     *
     * @param drawn as a look on the same connection found it
     */
    Mono<Void> remember(long drawn) {
        return Mono.defer(() -> {
            long now = System.nanoTime();
            if (drawn == remembered || now - last < INTERVAL.toNanos()) {
                return Mono.empty();
            }
            last = now;
            return FeedConnection.execute(
                            connection
                                    .createStatement(REMEMBER)
                                    .bind(0, timeline.id())
                                    .bind(1, drawn),
                            row -> true)
                    .then(Mono.<Void>fromRunnable(() -> remembered = drawn))
                    .onErrorResume(R2dbcException.class, failure -> {
                        log.debug("feed_timelines was not written", failure);
                        return Mono.empty();
                    });
        });
    }
}
