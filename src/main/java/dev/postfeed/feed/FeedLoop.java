package dev.postfeed.feed;

import dev.postfeed.feed.FeedLog.Head;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one event loop, all served in one go: one wake-up for however many there are, and one buffer for those
 * that are at the same place. Runs on that event loop, but for {@link #wake}.
 */
final class FeedLoop {

    /** Events go out together up to this size. */
    private static final int BURST_BYTES = 16 * 1024;

    private static final String LINE_END = "\r\n";

    private static final Duration TICK = Duration.ofSeconds(1);

    /** For the last bytes to leave, when this node stops. */
    private static final Duration GRACE = Duration.ofMillis(500);

    /** Events that follow on each other. */
    record Burst(long first, List<FeedEvent> events, int size) {

        FeedEvent last() {
            return events.get(events.size() - 1);
        }
    }

    private final EventLoop eventLoop;
    private final FeedLog log;
    private final long heartbeatNanos;
    private final Future<?> ticks;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Set<FeedStream> streams = new LinkedHashSet<>();

    // Of one round.
    private @Nullable Burst burst;
    private @Nullable ByteBuf chunk;

    FeedLoop(EventLoop eventLoop, FeedLog log, Duration heartbeat) {
        this.eventLoop = eventLoop;
        this.log = log;
        this.heartbeatNanos = heartbeat.toNanos();
        this.ticks = eventLoop.scheduleAtFixedRate(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** There is something new, or somebody can take more. From any thread. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            eventLoop.execute(this::drain);
        }
    }

    void add(FeedStream stream) {
        streams.add(stream);
    }

    void remove(FeedStream stream) {
        streams.remove(stream);
    }

    private void drain() {
        woken.set(false); // Before the log is looked at: what comes after that wakes again.
        drain(streams);
    }

    /** These, in one round. */
    void drain(Collection<FeedStream> some) {
        Head head = log.head();
        if (head != null) {
            for (FeedStream stream : some) {
                try {
                    stream.drain(head);
                } catch (RuntimeException | OutOfMemoryError e) {
                    // The others have nothing to do with it, and it loses nothing: its client comes again.
                    stream.fail(e);
                }
            }
        }
        release();
    }

    private void release() {
        burst = null;
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
    }

    /** The events from a number on, at least one; null where they have left the log. */
    @Nullable
    Burst burst(long from, Head head) {
        Burst last = burst;
        if (last != null && last.first() == from) {
            return last;
        }
        List<FeedEvent> events = new ArrayList<>();
        int size = 0;
        for (long number = from; number < head.next(); number++) {
            FeedEvent event = log.get(number);
            if (event == null) {
                return null;
            }
            if (size > 0 && size + event.bytes().length > BURST_BYTES) {
                break;
            }
            events.add(event);
            size += event.bytes().length;
        }
        release();
        burst = new Burst(from, events, size);
        return burst;
    }

    /**
     * The last burst as a chunk of HTTP/1.1 (https://www.rfc-editor.org/rfc/rfc9112#section-7.1), one buffer for all that
     * send it; to be released by each.
     */
    ByteBuf chunk(Burst of, ByteBufAllocator buffers) {
        if (chunk == null) {
            byte[] head = (Integer.toHexString(of.size()) + LINE_END).getBytes(StandardCharsets.US_ASCII);
            chunk = buffers.directBuffer(head.length + of.size() + LINE_END.length());
            chunk.writeBytes(head);
            for (FeedEvent event : of.events()) {
                chunk.writeBytes(event.bytes());
            }
            chunk.writeCharSequence(LINE_END, StandardCharsets.US_ASCII);
        }
        return chunk.retainedDuplicate();
    }

    private void tick() {
        long now = System.nanoTime();
        for (FeedStream stream : streams) {
            try {
                stream.beat(now, heartbeatNanos);
            } catch (RuntimeException | OutOfMemoryError e) {
                stream.fail(e);
            }
        }
    }

    /** Streams are about to end; those whose clients do not read would keep the server from stopping. */
    void stop() {
        ticks.cancel(false);
        eventLoop.execute(() -> {
            List<FeedStream> last = List.copyOf(streams); // They leave as they end, with their last bytes unsent.
            eventLoop.schedule(() -> last.forEach(FeedStream::closeIfStuck), GRACE.toMillis(), TimeUnit.MILLISECONDS);
        });
    }
}
