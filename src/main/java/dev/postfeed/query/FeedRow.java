package dev.postfeed.query;

import org.jspecify.annotations.Nullable;

/** What a {@link FeedQuery} looks at of a post: columns of {@link FeedRows#read}. */
public interface FeedRow {

    long id();

    /** Null where the post has none. */
    @Nullable
    Long userId();

    boolean contentIsNull();

    /**
     * What PostgreSQL found, null being SQL's null.
     *
     * @param probe one of the query's {@link FeedQuery#probes}
     */
    @Nullable
    Boolean holds(Probe probe);
}
