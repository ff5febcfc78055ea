package dev.postfeed.feed;

import org.jspecify.annotations.Nullable;

/**
 * What a browser's EventSource would hand on.
 *
 * @param id the last event id once this event came, this event's own or an earlier one's; null before any
 * @param event the type, {@code message} where the stream names none
 */
record StreamEvent(@Nullable String id, String event, String data) {}
