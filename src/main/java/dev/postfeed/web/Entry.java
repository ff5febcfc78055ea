package dev.postfeed.web;

import org.jspecify.annotations.Nullable;

/**
 * A line as it was read: what is to be written, or what is wrong with it.
 *
 * @param line its number
 * @param hash of its bytes, where a key needs it; otherwise 0
 * @param size bytes
 * @param body null where there is a problem
 * @param problem null where there is a body
 */
record Entry<B>(
        long line,
        long hash,
        int size,
        @Nullable B body,
        @Nullable Problem problem) {}
