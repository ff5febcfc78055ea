package dev.postfeed.feed;

import dev.postfeed.feed.FeedLog.Head;
import dev.postfeed.post.PostFeed;
import dev.postfeed.query.FeedQuery;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * The feed of a node: makes the reader's passes, one after the other on a connection of their own, wakes the streams and
 * the other nodes. It stops before the server does, which waits for its streams.
 */
@Component
@ConditionalOnBooleanProperty(name = "postfeed.feed.enabled", matchIfMissing = true)
class LiveFeed implements PostFeed, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LiveFeed.class);

    /** Between two rings at the other nodes. */
    private static final Duration RING = Duration.ofMillis(5);

    /**
     * A pass costs the database the same whether it finds one post or fifty. After it a rest, the longer the more posts it
     * found: up to some hundred a second each is read as soon as it is there, of thousands many are read together.
     */
    private static final Duration REST_PER_POST = Duration.ofMillis(1);

    private static final int MOST_POSTS_TO_REST_FOR = 20;

    /** A pass counts this part in what is usual: one that found many by accident shall not make the posts after it late. */
    private static final double PASSES = 16;

    private static final Duration LEAST_PAUSE = Duration.ofMillis(50);
    private static final Duration MOST_PAUSE = Duration.ofSeconds(1);

    private final ConnectionFactory connections;
    private final FeedProperties properties;
    private final AtomicInteger subscribers = new AtomicInteger();
    private final Doorbell bell = new Doorbell();
    private final AtomicBoolean committed = new AtomicBoolean();
    private final FeedLog events;
    private final FeedReader reader;
    private final FeedStreams streams;
    private final FeedMetrics metrics;

    private volatile Disposable running = Disposables.disposed();
    private volatile boolean stopped;

    // Of the one who makes the passes.
    private long lastRing = System.nanoTime() - RING.toNanos();
    private double usualPosts;
    private Duration pause = LEAST_PAUSE;

    LiveFeed(
            @Qualifier("feedConnections") ConnectionFactory connections,
            FeedTable table,
            FeedProperties properties,
            MeterRegistry registry) {
        this.connections = connections;
        this.properties = properties;
        this.metrics = new FeedMetrics(registry);
        this.events =
                new FeedLog(properties.ringCapacity(), properties.ringSize().toBytes());
        FeedProbes probes = new FeedProbes();
        this.reader = new FeedReader(events, () -> subscribers.get() > 0, probes::current, this::published, bell::ring);
        this.streams = new FeedStreams(events, reader, table, probes, metrics, properties, subscribers);
        metrics.watch(subscribers, events, reader);
    }

    private void published() {
        streams.wake();
    }

    /** Writes a stream until the client or this node goes. */
    Mono<Void> serve(FeedQuery query, FeedStart start, ServerHttpResponse response) {
        return streams.serve(query, start, response);
    }

    @Override
    public void committed() {
        committed.set(true);
        bell.ring();
    }

    @Override
    public @Nullable String position() {
        Head head = events.head();
        return head == null ? null : head.text();
    }

    /** Since the database last answered a look for new posts; null before the first one. */
    @Nullable
    Duration sinceLook() {
        return events.head() == null ? null : Duration.ofNanos(reader.sinceLook());
    }

    @Override
    public void start() {
        running = Mono.usingWhen(FeedConnection.open(connections), this::follow, FeedConnection::close)
                .retryWhen(Retry.from(failures -> failures.concatMap(signal -> again(signal.failure()))))
                .subscribe();
    }

    private Mono<Void> follow(FeedConnection connection) {
        reader.reconnected(connection.timeline());
        return Flux.merge(
                        connection.rings().doOnNext(other -> bell.ring()).then(),
                        Mono.defer(() -> round(connection)).repeat().then())
                .then();
    }

    private Mono<Void> round(FeedConnection connection) {
        long begun = System.nanoTime();
        long first = events.next();
        bell.answer();
        return reader.pass(connection).flatMap(complete -> {
            if (!pause.equals(LEAST_PAUSE)) {
                pause = LEAST_PAUSE;
                log.info("the feed reads again");
            }
            Mono<Void> told = ringOthers(connection).then(connection.remember());
            return complete ? told.then(Mono.defer(() -> rest(begun, events.next() - first))) : told;
        });
    }

    private Mono<Void> rest(long begun, long posts) {
        usualPosts += (Math.min(posts, MOST_POSTS_TO_REST_FOR) - usualPosts) / PASSES;
        // With nobody to read for, all there is to do after a commit is to ring at the other nodes.
        Duration rest = subscribers.get() > 0 ? Duration.ofNanos((long) (usualPosts * REST_PER_POST.toNanos())) : RING;
        return Mono.delay(rest).then(bell.await(untilNext(begun).minus(rest)));
    }

    /** How long to wait for a ring before the next pass is made without one. */
    private Duration untilNext(long begun) {
        if (committed.get()) {
            return RING;
        }
        return subscribers.get() > 0 ? properties.poll().minusNanos(System.nanoTime() - begun) : FeedReader.IDLE_POLL;
    }

    /** After local commits: the others would find them only by looking. */
    private Mono<Void> ringOthers(FeedConnection connection) {
        long now = System.nanoTime();
        if (now - lastRing < RING.toNanos() || !committed.compareAndSet(true, false)) {
            return Mono.empty();
        }
        lastRing = now;
        return connection.ring();
    }

    private Mono<Long> again(Throwable failure) {
        metrics.reconnected();
        if (pause.equals(LEAST_PAUSE)) {
            log.warn("the feed has lost its connection to the database: {}", failure.toString());
        }
        long millis = pause.toMillis();
        pause = pause.multipliedBy(2).compareTo(MOST_PAUSE) < 0 ? pause.multipliedBy(2) : MOST_PAUSE;
        return Mono.delay(Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1)));
    }

    @Override
    public void stop() {
        stopped = true;
        streams.stop();
        running.dispose();
    }

    @Override
    public boolean isRunning() {
        return !running.isDisposed() && !stopped;
    }

    /** As the server, it stops once: a test's context that rests for another's would have no feed after that. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
