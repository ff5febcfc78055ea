package dev.postfeed.feed;

import dev.postfeed.feed.FeedLog.Head;
import dev.postfeed.query.FeedQuery;
import dev.postfeed.web.ClientConnection;
import dev.postfeed.web.Problem;
import dev.postfeed.web.ProblemType;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.r2dbc.spi.R2dbcException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/** All subscribers of this node: how many there may be, and what each is sent from its first byte to its last. */
final class FeedStreams {

    /** How much may wait for a client that does not read before it is left to lag behind. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(8 * 1024, 16 * 1024);

    private static final Duration LEAST_RETRY = Duration.ofSeconds(1);
    private static final Duration MOST_RETRY = Duration.ofSeconds(4);

    /** After this a new subscriber begins where the node was when it last saw the database. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    /** The table cannot be read: the stream stays, and goes on when it can. */
    private static final Retry READ_AGAIN = Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
            .maxBackoff(Duration.ofSeconds(2))
            .transientErrors(true)
            .filter(failure -> failure instanceof R2dbcException || failure instanceof IOException);

    private final FeedLog log;
    private final FeedReader reader;
    private final FeedTable table;
    private final FeedProbes probes;
    private final FeedMetrics metrics;
    private final FeedProperties properties;
    private final AtomicInteger subscribers;
    private final Map<EventLoop, FeedLoop> loops = new ConcurrentHashMap<>();
    private final Sinks.Empty<Void> stopped = Sinks.empty();
    private volatile boolean stopping;

    /** @param subscribers how many there are; counted here */
    FeedStreams(
            FeedLog log,
            FeedReader reader,
            FeedTable table,
            FeedProbes probes,
            FeedMetrics metrics,
            FeedProperties properties,
            AtomicInteger subscribers) {
        this.log = log;
        this.reader = reader;
        this.table = table;
        this.probes = probes;
        this.metrics = metrics;
        this.properties = properties;
        this.subscribers = subscribers;
    }

    /** There is something new in the log. From any thread. */
    void wake() {
        loops.values().forEach(FeedLoop::wake);
    }

    /** Ends all streams; their clients come again, here or elsewhere. */
    void stop() {
        stopping = true;
        loops.values().forEach(FeedLoop::stop);
        Sinks.EmitResult ignored = stopped.tryEmitEmpty();
    }

    /** Writes a stream until the client or this node goes. */
    Mono<Void> serve(FeedQuery query, FeedStart start, ServerHttpResponse response) {
        return Mono.using(
                () -> admit(query),
                admitted -> begin(start)
                        .flatMap(from -> response.writeWith(body(query, start, from, response)
                                .map(bytes -> response.bufferFactory().wrap(bytes)))),
                this::dismiss);
    }

    private FeedQuery admit(FeedQuery query) {
        if (stopping) {
            throw new Problem(ProblemType.OVERLOADED, "this node is stopping");
        }
        probes.add(query.probes());
        if (subscribers.incrementAndGet() > properties.maxSubscribers()) {
            dismiss(query);
            throw new Problem(
                    ProblemType.OVERLOADED,
                    "this node has POSTFEED_FEED_MAX_SUBSCRIBERS=" + properties.maxSubscribers()
                            + " subscribers already");
        }
        return query;
    }

    private void dismiss(FeedQuery query) {
        subscribers.decrementAndGet();
        probes.remove(query.probes());
    }

    /** Where the client is: before the answer begins, so that it gets what is written once it sees that. */
    private Mono<FeedStart> begin(FeedStart start) {
        if (start.position() != null) {
            return Mono.just(start);
        }
        return reader.fresh()
                .timeout(LONGEST_WAIT, Mono.justOrEmpty(log.head()))
                .map(FeedStart::at)
                .switchIfEmpty(Mono.error(() -> new Problem(
                        ProblemType.DATABASE_UNAVAILABLE, "the database has not been seen since this node started")));
    }

    private Flux<byte[]> body(FeedQuery query, FeedStart start, FeedStart from, ServerHttpResponse response) {
        Channel channel = ClientConnection.channel(response);
        FeedLoop loop = loops.computeIfAbsent(
                channel.eventLoop(), eventLoop -> new FeedLoop(eventLoop, log, properties.heartbeat()));
        FeedPosition position = Objects.requireNonNull(from.position());
        FeedStream stream = new FeedStream(query, position, from.timeline(), channel, loop, metrics);
        Head arrival = log.head();
        FeedOpening opening = new FeedOpening(
                start.wrong(), start.position() == null || arrival == null ? from : FeedStart.at(arrival));
        Flux<byte[]> events = Flux.defer(() -> reader.fresh()
                .flatMapMany(head -> catchUp(stream, opening, head, ClientConnection.writable(response)))
                .concatWith(stream.follow()));
        return Flux.concat(
                        Mono.fromSupplier(FeedStreams::retry),
                        attach(stream, response),
                        events.repeat().retryWhen(READ_AGAIN))
                .takeUntilOther(stopped.asMono())
                .doFinally(end -> channel.eventLoop().execute(() -> loop.remove(stream)));
    }

    private static byte[] retry() {
        return EventWriter.retry(ThreadLocalRandom.current().nextLong(LEAST_RETRY.toMillis(), MOST_RETRY.toMillis()));
    }

    /** Completes when the head of the answer has been handed to the channel. */
    private static Flux<byte[]> attach(FeedStream stream, ServerHttpResponse response) {
        Channel channel = ClientConnection.channel(response);
        return Flux.create(sink -> sink.onRequest(n -> channel.eventLoop().execute(() -> {
            if (!sink.isCancelled()) {
                channel.config().setWriteBufferWaterMark(WATER_MARK);
                stream.begun(ClientConnection.chunkEncoder(response));
                sink.complete();
            }
        })));
    }

    private Flux<byte[]> catchUp(FeedStream stream, FeedOpening opening, Head head, Mono<Void> taken) {
        String reason = opening.reset(stream, head);
        boolean tell = opening.isToBeTold(reason != null);
        Flux<byte[]> reset = reason == null ? Flux.empty() : Flux.just(EventWriter.reset(text(stream), reason));
        return Flux.concat(reset, FeedCatchUp.of(table, stream, head, taken), Flux.defer(() -> {
            opening.told();
            return tell ? Flux.just(EventWriter.caughtUp(text(stream))) : Flux.<byte[]>empty();
        }));
    }

    private static String text(FeedStream stream) {
        return stream.position().on(stream.timeline());
    }
}
