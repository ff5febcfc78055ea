package dev.postfeed.feed;

import io.r2dbc.spi.Readable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A row of {@link dev.postfeed.query.FeedRows#read}. */
record ReadPost(long id, @Nullable Long userId, boolean contentIsNull, String json, String marks) {

    static ReadPost of(Readable row) {
        return new ReadPost(
                Objects.requireNonNull(row.get(0, Long.class)),
                row.get(1, Long.class),
                Boolean.TRUE.equals(row.get(2, Boolean.class)),
                Objects.requireNonNull(row.get(3, String.class)),
                Objects.requireNonNull(row.get(4, String.class)));
    }
}
