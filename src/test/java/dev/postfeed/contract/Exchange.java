package dev.postfeed.contract;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A request and its answer, as they were on the wire.
 *
 * @param target of the request line
 * @param readable whether the server could read the head of the request
 */
record Exchange(String method, String target, Message request, boolean readable, int status, Message answer) {

    /** The path, percent-encoded. */
    String path() {
        String path = target.replaceFirst("^https?://[^/?]*", "");
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    /** The names of what is after the question mark, decoded. */
    Set<String> queryNames() {
        int query = target.indexOf('?');
        return Stream.of(target.substring(query < 0 ? target.length() : query + 1)
                        .split("&"))
                .filter(pair -> !pair.isEmpty())
                .map(pair -> URLDecoder.decode(pair.replaceFirst("=.*", ""), StandardCharsets.UTF_8))
                .collect(Collectors.toSet());
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    /** What a browser asks before the request of a page of another origin. */
    boolean isPreflight() {
        return method.equals("OPTIONS") && request.headers().containsHeader("Access-Control-Request-Method");
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** Whether the body of the request was taken as it is: of lines each is taken, or refused, by itself. */
    boolean isBodyTaken() {
        return isSuccess() && !Message.isStream(request.headers());
    }

    @Override
    public String toString() {
        String shown = target.length() > 200 ? target.substring(0, 200) + "…" : target;
        return method + " " + shown + " → " + status + " " + answer.headers();
    }
}
