package dev.postfeed.feed;

import dev.postfeed.feed.FeedLog.Head;
import dev.postfeed.feed.Frontier.Look;
import dev.postfeed.query.FeedRows;
import dev.postfeed.query.IdRange;
import dev.postfeed.query.Probes;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Reads new posts into the log, pass by pass. While nobody is subscribed it only keeps up with the ids. */
final class FeedReader {

    static final int CHUNK_ROWS = 1000;
    static final int CHUNK_BYTES = 1024 * 1024;

    /** Of which the newest are known when the reader starts while transactions are open. */
    private static final int MOST_GAPS = 10_000;

    /** Between two looks while nobody is subscribed. */
    static final Duration IDLE_POLL = Duration.ofSeconds(1);

    /** After this a subscriber does not wait any longer until everything has been read. */
    private static final Duration LONGEST_BACKLOG = Duration.ofSeconds(1);

    private final FeedLog log;
    private final BooleanSupplier subscribed;
    private final Supplier<Probes> probes;
    private final Runnable published;
    private final Runnable rung;

    private final Frontier frontier = new Frontier();
    private Timeline timeline = Timeline.FIRST;
    private PositionWriter positions = new PositionWriter(timeline.id());
    /** For those who have come since the last pass began; null while there are none. */
    private final AtomicReference<Sinks.@Nullable One<Head>> waiting = new AtomicReference<>();

    // Of the pass.
    private final List<Waiting> overdue = new ArrayList<>();
    private long epoch;
    private boolean known;
    private boolean reading;
    private final HoleAges ages = new HoleAges();
    private volatile long oldestHole;
    private volatile long upToDate = System.nanoTime();
    private volatile long lastLook = System.nanoTime() - IDLE_POLL.toNanos();

    /** Those who had come when a pass began. */
    private record Waiting(Sinks.One<Head> sink, long since) {}

    /**
     * @param subscribed whether anybody is
     * @param probes what to ask of each post
     * @param published runs after there is something new in the log
     * @param rung wakes whoever makes the passes
     */
    FeedReader(FeedLog log, BooleanSupplier subscribed, Supplier<Probes> probes, Runnable published, Runnable rung) {
        this.log = log;
        this.subscribed = subscribed;
        this.probes = probes;
        this.published = published;
        this.rung = rung;
    }

    /**
     * The log's end after everything has been read that was committed when this is subscribed to, for one who counts as
     * a subscriber already. With a long backlog it is an earlier end; with the database away it does not come.
     */
    Mono<Head> fresh() {
        return Mono.defer(() -> {
            Sinks.One<Head> mine =
                    Objects.requireNonNull(waiting.updateAndGet(others -> others == null ? Sinks.one() : others));
            rung.run(); // The pass may be over before the sink is subscribed to: it keeps its value.
            return mine.asMono();
        });
    }

    /** From now on passes are made on another connection, to a database that is on a timeline. */
    void reconnected(Timeline now) {
        frontier.reconnected();
        if (known && now.id() != timeline.id()) {
            forget();
        }
        timeline = now;
        positions = new PositionWriter(now.id());
    }

    /** Reads once. Gives whether it has read all that there was. */
    Mono<Boolean> pass(FeedConnection connection) {
        return Mono.defer(() -> {
            boolean active = subscribed.getAsBoolean();
            if (active) {
                Sinks.One<Head> come = waiting.getAndSet(null);
                if (come != null) {
                    overdue.add(new Waiting(come, System.nanoTime()));
                }
            } else if (System.nanoTime() - lastLook < IDLE_POLL.toNanos()) {
                return Mono.just(true);
            }
            return connection.look().flatMap(look -> {
                lastLook = System.nanoTime();
                if (known && frontier.isAheadOf(look)) {
                    forget();
                }
                return active && known ? read(connection, look) : skip(connection, look, active);
            });
        });
    }

    /** What was read is of another past: the ids have gone back, or another server has taken over. */
    private void forget() {
        frontier.reset();
        positions.refresh();
        known = false;
        epoch++;
    }

    private Mono<Boolean> skip(FeedConnection connection, Look look, boolean active) {
        return skipTo(connection, look).thenReturn(true).doOnNext(skipped -> {
            log.clear();
            known = true;
            reading = active;
            publish(look, true);
        });
    }

    private Mono<Void> skipTo(FeedConnection connection, Look look) {
        long from = frontier.highest();
        if (look.drawn() == from) {
            return Mono.fromRunnable(() -> frontier.skip(look, from, List.of()));
        }
        if (look.holders().isEmpty()) {
            return connection
                    .rows(FeedRows.highest(from, look.drawn()), row -> Objects.requireNonNull(row.get(0, Long.class)))
                    .single()
                    .doOnNext(highest -> frontier.skip(look, highest, List.of()))
                    .then();
        }
        return connection
                .gaps(from, look.drawn(), MOST_GAPS)
                .collectList()
                .doOnNext(gaps -> frontier.skip(look, lastRow(from, look.drawn(), gaps), gaps))
                .then();
    }

    /** The highest id that is in no gap; the one before them all where there is none. */
    private static long lastRow(long after, long upTo, List<IdRange> newestFirst) {
        IdRange newest = newestFirst.isEmpty() ? null : newestFirst.get(0);
        return Math.max(after, newest == null || newest.last() < upTo ? upTo : newest.first() - 1);
    }

    private Mono<Boolean> read(FeedConnection connection, Look look) {
        if (!reading) {
            log.clear(); // What is there was followed by posts that were not read.
            reading = true;
        }
        List<IdRange> ranges = frontier.begin(look, CHUNK_ROWS);
        if (ranges.isEmpty()) {
            return Mono.fromSupplier(() -> end(look, look.drawn()));
        }
        Probes asked = probes.get();
        return rows(connection, ranges, asked)
                .map(posts -> append(look, ranges, posts, asked))
                // The others shall not pay for what one asks for; who needs to know reads the table, each for itself.
                .onErrorResume(
                        failure -> asked != Probes.NONE && isOfTheStatement(failure),
                        failure -> rows(connection, ranges, Probes.NONE)
                                .map(posts -> append(look, ranges, posts, Probes.NONE)));
    }

    private static Mono<List<ReadPost>> rows(FeedConnection connection, List<IdRange> ranges, Probes asked) {
        return connection
                .rows(FeedRows.read(ranges, CHUNK_ROWS, CHUNK_BYTES, asked), ReadPost::of)
                .collectList();
    }

    /** It took too long (57014), or the database has no such value or operation: with another statement it goes on. */
    private static boolean isOfTheStatement(Throwable failure) {
        String state = failure instanceof R2dbcException sql ? sql.getSqlState() : null;
        return state != null && (state.equals("57014") || state.startsWith("22") || state.startsWith("0A"));
    }

    private boolean append(Look look, List<IdRange> ranges, List<ReadPost> posts, Probes asked) {
        positions.refresh();
        long bytes = 0;
        for (ReadPost post : posts) {
            FeedPosition position = frontier.seen(post.id());
            byte[] event = EventWriter.post(positions.write(position), post.json());
            bytes += event.length;
            log.append(new FeedEvent(
                    log.next(), post.id(), post.userId(), post.contentIsNull(), asked, post.marks(), position, event));
        }
        boolean cut = posts.size() == CHUNK_ROWS || bytes > CHUNK_BYTES;
        return end(
                look,
                cut
                        ? posts.get(posts.size() - 1).id()
                        : ranges.get(ranges.size() - 1).last());
    }

    private boolean end(Look look, long upTo) {
        boolean complete = frontier.end(upTo);
        publish(look, complete);
        return complete;
    }

    private void publish(Look look, boolean complete) {
        FeedPosition position = frontier.position();
        Head before = log.head();
        Head head = new Head(epoch, timeline, log.next(), position, look.drawn(), positions.write(position));
        log.publish(head);
        if (before == null || before.next() != head.next() || before.epoch() != epoch) {
            published.run();
        }
        long now = System.nanoTime();
        oldestHole = ages.since(position.highest(), frontier.lowestHole(), now);
        if (complete) {
            upToDate = lastLook;
        }
        overdue.removeIf(waiter -> {
            boolean done = complete || now - waiter.since() > LONGEST_BACKLOG.toNanos();
            return done && waiter.sink().tryEmitValue(head).isSuccess();
        });
    }

    /** Nanoseconds for which the lowest open hole has been known. */
    long oldestHoleAge() {
        Head head = log.head();
        return head == null || head.position().open().isEmpty() ? 0 : System.nanoTime() - oldestHole;
    }

    /** Nanoseconds since the last look of which everything has been read. */
    long behind() {
        return System.nanoTime() - upToDate;
    }

    /** Nanoseconds since the database last answered a look; of no meaning before the log has a head. */
    long sinceLook() {
        return System.nanoTime() - lastLook;
    }
}
