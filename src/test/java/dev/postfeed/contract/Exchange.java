package dev.postfeed.contract;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * A request and its answer, as they were on the wire.
 *
 * @param target of the request line
 * @param readable whether the server could read the head of the request
 * @param body what was recorded of it
 * @param whole whether that is all of it; otherwise it ends anywhere
 */
record Exchange(
        String method,
        String target,
        HttpHeaders requestHeaders,
        boolean readable,
        int status,
        HttpHeaders headers,
        byte[] body,
        boolean whole) {

    /** The path, percent-encoded. */
    String path() {
        String path = target.replaceFirst("^https?://[^/?]*", "");
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    String query() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    /** Without parameters, or null where there is none. */
    @Nullable
    String mediaType() {
        return mediaType(headers);
    }

    static @Nullable String mediaType(HttpHeaders headers) {
        String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        return type == null ? null : type.replaceFirst("\\s*;.*", "").toLowerCase(java.util.Locale.ROOT);
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        String shown = target.length() > 200 ? target.substring(0, 200) + "…" : target;
        return method + " " + shown + " → " + status + " " + headers;
    }
}
