package dev.postfeed.web;

import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** Bodies that last as long as their clients like: the feed, rows and lines. */
public final class Streams {

    private static final List<String> TYPES = List.of(
            MediaType.TEXT_EVENT_STREAM_VALUE,
            MediaType.APPLICATION_NDJSON_VALUE,
            IngestHandler.JSONL.toString(),
            "text/csv");

    private Streams() {}

    /** Whether a body with these headers is one. */
    public static boolean isOne(HttpHeaders headers) {
        String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        return type != null && TYPES.stream().anyMatch(type::startsWith);
    }

    /** Whether a request with these headers may be answered by one. */
    public static boolean isAskedFor(HttpHeaders headers) {
        return headers.getOrEmpty(HttpHeaders.ACCEPT).stream()
                .anyMatch(accept -> TYPES.stream().anyMatch(accept::contains));
    }
}
