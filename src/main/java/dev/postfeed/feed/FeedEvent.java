package dev.postfeed.feed;

import dev.postfeed.query.FeedRow;
import dev.postfeed.query.Probe;
import dev.postfeed.query.Probes;
import org.jspecify.annotations.Nullable;

/**
 * A post in the log, once for all subscribers.
 *
 * @param number its place in the log
 * @param position of one who has been given it, and all before it
 * @param probes what PostgreSQL was asked about it, for filters
 * @param marks the answers
 * @param bytes what is sent; not to be changed
 */
record FeedEvent(
        long number,
        long id,
        @Nullable Long userId,
        boolean contentIsNull,
        Probes probes,
        String marks,
        FeedPosition position,
        byte[] bytes)
        implements FeedRow {

    @Override
    public @Nullable Boolean holds(Probe probe) {
        return probes.result(marks, probe);
    }
}
