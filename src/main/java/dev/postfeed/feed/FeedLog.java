package dev.postfeed.feed;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The newest events, as many as fit, in the order in which they were read. The reader appends; any number of cursors, each
 * no more than a number, read at their own pace and find out when they were too slow.
 */
final class FeedLog {

    /**
     * Where the log ends.
     *
     * @param epoch of another one nothing that was said before is true
     * @param timeline of the database
     * @param next the number of the event that comes next
     * @param position of the node
     * @param drawn the last id that had been drawn
     * @param text the position, as it is written
     */
    record Head(long epoch, Timeline timeline, long next, FeedPosition position, long drawn, String text) {}

    /** What an event takes beside its bytes, about. */
    private static final int OVERHEAD = 256;

    private final AtomicReferenceArray<@Nullable FeedEvent> ring;
    private final int[] weights;
    private final long maxBytes;

    // Of the one that appends.
    private long next;
    private long oldest;
    private long bytes;

    private volatile @Nullable Head head;

    /**
     * @param maxEvents a power of two
     * @param maxBytes of all events in it, with what is kept about them; one event it has whatever its size
     */
    FeedLog(int maxEvents, long maxBytes) {
        this.ring = new AtomicReferenceArray<>(maxEvents);
        this.weights = new int[maxEvents];
        this.maxBytes = maxBytes;
    }

    /** The number of the next event. */
    long next() {
        return next;
    }

    /** Adds an event, whose number is {@link #next}; it can be seen once there is a head after it. */
    void append(FeedEvent event) {
        int weight = OVERHEAD + event.bytes().length + event.marks().length();
        FeedEvent before = get(next - 1);
        if (before == null || before.probes() != event.probes()) {
            weight += event.probes().size() * OVERHEAD; // Shared by the events that follow.
        }
        bytes += weight;
        while (next > oldest && (next - oldest == ring.length() || bytes > maxBytes)) {
            evict();
        }
        weights[slot(next)] = weight;
        ring.set(slot(next), event);
        next++;
    }

    private void evict() {
        ring.set(slot(oldest), null);
        bytes -= weights[slot(oldest)];
        oldest++;
    }

    /** Forgets all events: what comes next does not follow on them. */
    void clear() {
        while (oldest < next) {
            evict();
        }
    }

    void publish(Head newHead) {
        head = newHead;
    }

    /** Null before the first look at the database. */
    @Nullable
    Head head() {
        return head;
    }

    /** An event before the head; null when it is no longer here. */
    @Nullable
    FeedEvent get(long number) {
        FeedEvent event = ring.get(slot(number));
        return event != null && event.number() == number ? event : null;
    }

    private int slot(long number) {
        return (int) (number & (ring.length() - 1));
    }
}
