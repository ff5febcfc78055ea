package dev.postfeed.feed;

import dev.postfeed.feed.FeedLog.Head;
import dev.postfeed.feed.FeedLoop.Burst;
import dev.postfeed.query.FeedQuery;
import dev.postfeed.web.ClientConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * One subscriber: a place in the log, and no queue. First it reads the table up to the log's end ({@link FeedCatchUp}),
 * then it follows the log, and does so again whenever it has been too slow for it.
 *
 * <p>While it follows, events go straight to the channel, on its event loop; all fields belong to that loop then.
 */
final class FeedStream {

    /** In one go, so that a client that lags behind does not make the others wait. */
    private static final int MOST_BURSTS = 4;

    private final FeedQuery query;
    private final Channel channel;
    private final FeedLoop loop;
    private final FeedMetrics metrics;

    /** What the client had when it came, as long as this node does not have all of that itself. */
    private FeedPosition had;

    /** Where chunks that are made go out; null where this answer has none. */
    private @Nullable ChannelHandlerContext chunks;

    private FeedPosition position;
    private int timeline;
    private long epoch = -1;
    private long next;
    private volatile @Nullable FluxSink<byte[]> following;
    private volatile long lastWrite = System.nanoTime();

    /** Whether events have been passed over since the client was told its position. */
    private boolean passed;

    /** Whether it waits for the channel: once, however often there is something new meanwhile. */
    private boolean waiting;

    /** @param timeline of the start */
    FeedStream(FeedQuery query, FeedPosition start, int timeline, Channel channel, FeedLoop loop, FeedMetrics metrics) {
        this.query = query;
        this.had = start;
        this.position = start;
        this.timeline = timeline;
        this.channel = channel;
        this.loop = loop;
        this.metrics = metrics;
    }

    FeedQuery query() {
        return query;
    }

    FeedPosition position() {
        return position;
    }

    /** Of the position. */
    int timeline() {
        return timeline;
    }

    /** Whether the client has a post that comes late here, because it was ahead of this node. */
    boolean had(long id) {
        return had.has(id);
    }

    /** Whether what it was told comes from another past than the log. */
    boolean isOfAnother(Head head) {
        return epoch >= 0 && epoch != head.epoch();
    }

    /** Forgets what the client had: it goes on from here. */
    void restart(FeedPosition start, int startTimeline) {
        had = FeedPosition.EARLIEST;
        position = start;
        timeline = startTimeline;
        epoch = -1;
    }

    /** The client is being given everything up to a position, otherwise than by the log. */
    void moved(FeedPosition reached, int events, int bytes) {
        position = reached;
        sent(events, bytes);
    }

    /** The client has everything up to a position, and goes on with the log from there. */
    void joins(Head head, FeedPosition reached) {
        position = reached;
        timeline = head.timeline().id();
        epoch = head.epoch();
        next = head.next();
        forgetWhatItHad(head.position());
    }

    private void forgetWhatItHad(FeedPosition node) {
        if (position.equals(node)) {
            had = FeedPosition.EARLIEST;
        }
    }

    /** The head of the answer has been written. */
    void begun(@Nullable ChannelHandlerContext chunkEncoder) {
        chunks = chunkEncoder;
        loop.add(this);
    }

    /** Follows the log until it has been too slow for it. */
    Flux<byte[]> follow() {
        return Flux.create(sink -> {
            sink.onDispose(() -> following = null);
            // With the first request what was given before has been handed to the channel's event loop.
            AtomicBoolean begun = new AtomicBoolean();
            sink.onRequest(n -> channel.eventLoop().execute(() -> {
                if (begun.compareAndSet(false, true) && !sink.isCancelled()) {
                    following = sink;
                    loop.drain(List.of(this));
                }
            }));
        });
    }

    /** Writes what there is, as far as the channel takes it. */
    void drain(Head head) {
        FluxSink<byte[]> sink = following;
        if (sink == null) {
            return;
        }
        for (int i = 0; i < MOST_BURSTS && channel.isWritable() && epoch == head.epoch() && next < head.next(); i++) {
            Burst burst = loop.burst(next, head);
            if (burst == null || !burst.events().get(0).probes().covers(query.probes())) {
                if (burst == null) {
                    metrics.fellOut();
                }
                leave(sink);
                return;
            }
            write(burst);
        }
        if (epoch != head.epoch()) {
            leave(sink);
        } else if (next < head.next() && !waiting) {
            waiting = true;
            ClientConnection.whenWritable(channel, () -> {
                waiting = false;
                loop.wake();
            });
        }
    }

    /** Ends the answer without its end, so that the client comes again. */
    void fail(Throwable e) {
        FluxSink<byte[]> sink = following;
        if (sink != null) {
            following = null;
            sink.error(new IllegalStateException("the stream is broken", e));
        }
    }

    private void leave(FluxSink<byte[]> sink) {
        following = null;
        sink.complete();
    }

    private void write(Burst burst) {
        if (query.isEmpty() && had.equals(FeedPosition.EARLIEST) && chunks != null) {
            sent(burst.events().size(), burst.size());
            chunks.writeAndFlush(loop.chunk(burst, channel.alloc()));
            next += burst.events().size();
            position = burst.last().position();
            return;
        }
        List<byte[]> chosen = new ArrayList<>();
        for (FeedEvent event : burst.events()) {
            if (!event.probes().covers(query.probes())) {
                break; // Read before this filter was known: the next round finds it first, and reads the table.
            }
            next++;
            position = had.with(event.position());
            passed = true;
            if (!had.has(event.id()) && query.matches(event)) {
                chosen.add(
                        position.equals(event.position())
                                ? event.bytes()
                                : EventWriter.at(position.on(timeline), event.bytes()));
                passed = false;
            }
            forgetWhatItHad(event.position());
        }
        if (!chosen.isEmpty()) {
            // Not copied: thousands may have chosen the same.
            send(Unpooled.wrappedBuffer(chosen.toArray(new byte[0][])), chosen.size());
        }
    }

    private void send(ByteBuf bytes, int events) {
        sent(events, bytes.readableBytes());
        channel.writeAndFlush(new DefaultHttpContent(bytes));
    }

    private void sent(int events, int bytes) {
        metrics.sent(events, bytes);
        lastWrite = System.nanoTime();
    }

    /** A comment when nothing has been sent for a time, or the position of what was passed over. */
    void beat(long now, long interval) {
        if (now - lastWrite < interval || !channel.isWritable()) {
            return;
        }
        if (following != null && passed) {
            passed = false;
            send(Unpooled.wrappedBuffer(EventWriter.position(position.on(timeline))), 0);
        }
        send(Unpooled.wrappedBuffer(EventWriter.HEARTBEAT), 0);
    }

    /** Closes what has not left for the client; all of it is the end of an answer. */
    void closeIfStuck() {
        if (channel.bytesBeforeUnwritable() < channel.config().getWriteBufferHighWaterMark()) {
            channel.close();
        }
    }
}
