package dev.postfeed.feed;

import dev.postfeed.query.IdRange;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client does not have yet of what a node has settled, and the client's position on the way to the node's. What
 * is open at the node comes by the log, once it comes. No I/O, and one caller at a time.
 */
final class Replay {

    private final long settled;

    /** To be read. */
    private IdRanges left;

    /** What the client does not have, up to {@link #settled}. */
    private IdRanges missing;

    Replay(FeedPosition client, FeedPosition node) {
        this.settled = Math.max(client.highest(), node.highest());
        this.missing = client.missing(settled);
        this.left = missing.upTo(node.highest()).minus(node.open());
    }

    boolean isDone() {
        return left.isEmpty();
    }

    /**
     * What to read next, in order.
     *
     * @param ranges at most so many
     * @param ids at most so many in all of them
     */
    List<IdRange> next(int ranges, long ids) {
        List<IdRange> next = new ArrayList<>();
        long width = 0;
        for (IdRange range : left) {
            if (next.size() == ranges || width == ids) {
                break;
            }
            long most = ids - width - 1;
            long last = range.last() - range.first() > most ? range.first() + most : range.last();
            next.add(new IdRange(range.first(), last));
            width += last - range.first() + 1;
        }
        return next;
    }

    /** The position of a client that has been given all that was to be read up to an id. */
    FeedPosition upTo(long id) {
        IdRanges read = left.upTo(id);
        left = left.minus(read);
        missing = missing.minus(read);
        return position();
    }

    FeedPosition position() {
        return FeedPosition.of(settled, missing);
    }
}
