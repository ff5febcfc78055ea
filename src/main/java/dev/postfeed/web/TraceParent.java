package dev.postfeed.web;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code traceparent}. The edge sees to it that every request has one and that it is valid: who reads it need not
 * ask. One of our own begins a trace, and names no span that the request comes from.
 *
 * @see <a href="https://www.w3.org/TR/trace-context-2/#traceparent-header">Trace Context</a>
 */
final class TraceParent {

    static final AsciiString NAME = AsciiString.cached("traceparent");

    /** Of version 00; later ones may have more, after another hyphen. */
    private static final int LENGTH = 55;

    /** Zeros are the id of no span, so that a client's never looks like ours. */
    private static final String NO_PARENT = "-0000000000000000-00";

    private TraceParent() {}

    /** Replaces what is missing, not valid or there twice. */
    static void ensure(HttpHeaders headers) {
        String value = headers.get(NAME);
        if (value == null || !isValid(value) || headers.getAll(NAME).size() > 1) {
            headers.set(NAME, fresh());
        }
    }

    /** The same for HTTP/2. */
    static void ensure(Http2Headers headers) {
        CharSequence value = headers.get(NAME);
        if (value == null || !isValid(value) || headers.getAll(NAME).size() > 1) {
            headers.set(NAME, fresh());
        }
    }

    /** The trace id in a header; a new one where it has not been through the edge, as on the port for operators. */
    static String traceId(@Nullable CharSequence header) {
        boolean isOurs =
                header != null && header.length() == LENGTH && header.toString().endsWith(NO_PARENT);
        String value = header == null || !isOurs && !isValid(header) ? fresh() : header.toString();
        return value.substring(3, 35);
    }

    private static String fresh() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return "00-" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong()) + NO_PARENT;
    }

    static boolean isValid(CharSequence value) {
        if (value.length() < LENGTH || value.charAt(2) != '-' || value.charAt(35) != '-' || value.charAt(52) != '-') {
            return false;
        }
        boolean isFirst = value.charAt(0) == '0' && value.charAt(1) == '0';
        boolean isNone = value.charAt(0) == 'f' && value.charAt(1) == 'f';
        boolean isTooLong = value.length() > LENGTH && (isFirst || value.charAt(LENGTH) != '-');
        return !isNone
                && !isTooLong
                && isHex(value, 0, 2)
                && isId(value, 3, 35)
                && isId(value, 36, 52)
                && isHex(value, 53, LENGTH);
    }

    private static boolean isId(CharSequence value, int from, int to) {
        int i = from;
        while (i < to && value.charAt(i) == '0') {
            i++;
        }
        return i < to && isHex(value, i, to);
    }

    /** In small letters alone. */
    private static boolean isHex(CharSequence value, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = value.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }
}
