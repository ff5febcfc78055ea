package dev.postfeed.replica;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Whether the replica is to be read from, and what it has for certain: asked about once a second, and more often while it is
 * read from or somebody waits for it. Before the first answers it is not read from.
 */
final class ReplicaWatch implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ReplicaWatch.class);

    private static final Duration LONGEST_TICK = Duration.ofSeconds(1);

    /** While it is read from: a position of the feed that goes with a list is no older than two of these. */
    private static final Duration BUSY_TICK = Duration.ofMillis(250);

    /** After a read found it dead it is not read from, even if it answers here. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final SharedAnswer<WalEnds> primary;
    private final SharedAnswer<WalPosition> replica;
    private final ReplicaProperties properties;
    private final Samples samples = new Samples();
    private volatile Supplier<@Nullable String> bookmarks = () -> null;

    private volatile Disposable running = Disposables.disposed();
    private volatile long lastUse = System.nanoTime() - LONGEST_TICK.toNanos();
    private volatile boolean stranger;
    private volatile boolean up;
    private volatile long notBefore = System.nanoTime();

    /** Ends when the replica is found to be down. */
    private volatile Sinks.Empty<Void> down = Sinks.empty();

    /** The newest that any server behind the address has said. */
    private volatile @Nullable WalPosition replayed;

    ReplicaWatch(SharedAnswer<WalEnds> primary, SharedAnswer<WalPosition> replica, ReplicaProperties properties) {
        this.primary = primary;
        this.replica = replica;
        this.properties = properties;
    }

    /** What to remember each time that the primary is asked. */
    void remember(Supplier<@Nullable String> bookmark) {
        bookmarks = bookmark;
    }

    /** The newest of those of which the replica has all that could be seen then; null where it is not read from. */
    @Nullable
    String bookmark() {
        return isRecent() ? samples.bookmark() : null;
    }

    /** It is read from, or would be. */
    void use() {
        lastUse = System.nanoTime();
    }

    /** Whether it answers. */
    boolean isUp() {
        return up;
    }

    /** Whether it answers, and has what is older than {@code POSTFEED_REPLICA_MAX_LAG}. */
    boolean isRecent() {
        long age = age();
        return up && age >= 0 && age <= properties.maxLag().toNanos();
    }

    /** Nanoseconds: what was acknowledged longer ago than this the replica has; negative where nothing is known. */
    long age() {
        return samples.age(System.nanoTime());
    }

    /** What it has: a connection of which the server has it too has all that a read was promised. */
    @Nullable
    WalPosition replayed() {
        return replayed;
    }

    boolean has(WalPosition position) {
        WalPosition now = replayed;
        return now != null && position.isReachedBy(now);
    }

    /** Waits until the replica has what was written up to there; false where that is not going to be in time. */
    Mono<Boolean> await(WalPosition position) {
        if (properties.maxWait().isZero()) {
            return Mono.just(false);
        }
        return Mono.defer(this::look)
                .repeat()
                .filter(now -> has(position) || isHopeless(position, now))
                .next()
                .map(now -> has(position))
                .timeout(properties.maxWait())
                .onErrorReturn(false);
    }

    /** What was there longer ago than anybody waits has not come yet, and less so what is newer; or it is of another past. */
    private boolean isHopeless(WalPosition position, WalPosition now) {
        return !position.isOfOnePast(now)
                || samples.behind(System.nanoTime()) > properties.maxWait().toNanos();
    }

    /** An error when the replica is found to be down while somebody reads from it, who would find that out much later. */
    <T> Mono<T> untilDown() {
        return down.asMono().then(Mono.error(ReplicaDownException::new));
    }

    /** A read found that it does not work. */
    void suspect(Throwable failure) {
        notBefore = System.nanoTime() + PAUSE.toNanos();
        fail(failure);
    }

    private synchronized void fail(Throwable failure) {
        if (up) {
            up = false;
            log.warn("the replica is not read from: {}", failure.toString());
            down.tryEmitEmpty();
        }
    }

    private Mono<WalPosition> look() {
        return replica.next().doOnNext(this::advance).doOnError(this::fail);
    }

    private synchronized void advance(WalPosition now) {
        WalPosition before = replayed;
        WalPosition newest =
                before == null || before.database() != now.database() || before.compareTo(now) < 0 ? now : before;
        replayed = newest;
        samples.reach(newest);
        if (!up && System.nanoTime() - notBefore >= 0) {
            down = Sinks.empty();
            up = true;
            log.info("the replica is read from");
        }
    }

    private Mono<WalEnds> sample() {
        return Mono.defer(() -> {
            WalPosition before = replayed;
            String bookmark = bookmarks.get();
            long time = System.nanoTime();
            return primary.next().doOnNext(ends -> {
                if (before != null
                        && (!isOfOneDatabase(before, ends.visible())
                                || ends.visible().compareTo(before) < 0)) {
                    forget();
                }
                samples.add(time, ends, bookmark);
            });
        });
    }

    private boolean isOfOneDatabase(WalPosition ofReplica, WalPosition ofPrimary) {
        boolean same = ofReplica.database() == ofPrimary.database();
        if (!same && !stranger) {
            log.warn("POSTFEED_REPLICA_URL is no replica of the database: it is not read from");
        }
        stranger = !same;
        return same;
    }

    /** The primary has less than the replica had before: a backup was restored, these are other servers. */
    private synchronized void forget() {
        samples.clear();
        replayed = null;
    }

    @Override
    public void start() {
        running = Flux.merge(everyTick(sample()), everyTick(look())).subscribe();
    }

    private Flux<Void> everyTick(Mono<?> step) {
        return step.onErrorComplete().then(Mono.defer(this::rest)).repeat();
    }

    private Mono<Void> rest() {
        boolean busy = System.nanoTime() - lastUse < LONGEST_TICK.toNanos();
        Duration part = properties.maxLag().dividedBy(8);
        Duration tick = busy ? BUSY_TICK : LONGEST_TICK;
        return Mono.delay(part.compareTo(tick) < 0 ? part : tick).then();
    }

    @Override
    public void stop() {
        running.dispose();
    }

    @Override
    public boolean isRunning() {
        return !running.isDisposed();
    }

    /** As the feed, it stops once. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    /** Somebody found it to be down. */
    static final class ReplicaDownException extends RuntimeException {

        ReplicaDownException() {
            super("the replica is down", null, false, false);
        }
    }
}
