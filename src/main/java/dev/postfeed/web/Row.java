package dev.postfeed.web;

import org.jspecify.annotations.Nullable;

/**
 * A row as the service answers with it.
 *
 * @param <R> the row itself
 * @param <B> its body: what a client may write
 */
public interface Row<R, B> {

    /** Null only before the row is stored. */
    @Nullable
    Long id();

    /** The part of the row that a client may write. */
    B body();

    /** This row with another body; what the client may not write stays. */
    R with(B body);
}
