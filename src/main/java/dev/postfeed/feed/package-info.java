/**
 * The live feed: what is committed to {@code posts}, by whomever, as server-sent events. One reader a node, one log,
 * many cursors.
 */
@NullMarked
package dev.postfeed.feed;

import org.jspecify.annotations.NullMarked;
