package dev.postfeed.contract;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The headers and the body of a request or an answer.
 *
 * @param body what was recorded of it
 * @param whole whether that is all of it; otherwise it ends anywhere
 */
record Message(HttpHeaders headers, byte[] body, boolean whole) {

    private static final Set<String> STREAMS =
            Set.of("application/x-ndjson", "application/jsonl", "text/csv", "text/event-stream");

    /** Without parameters, or null where there is none. */
    @Nullable
    String mediaType() {
        return mediaType(headers);
    }

    static @Nullable String mediaType(HttpHeaders headers) {
        String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        return type == null ? null : type.replaceFirst("\\s*;.*", "").toLowerCase(Locale.ROOT);
    }

    /** Whether the body is lines, records or events, and may have no end. */
    static boolean isStream(HttpHeaders headers) {
        return STREAMS.contains(String.valueOf(mediaType(headers)));
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
