package dev.postfeed.web;

/**
 * The request target as browsers and curl send it, made a URI. Netty hands it on as it came, one character a byte; a
 * target that {@link java.net.URI} refuses would be answered by an empty 400 before any of our code sees it.
 *
 * @see <a href="https://url.spec.whatwg.org/#percent-encoded-bytes">URL Standard, percent-encoded bytes</a>
 */
final class RequestTarget {

    private static final String ENCODE = "\"<>\\^`{|}[]#";
    private static final String HEX = "0123456789ABCDEF";

    private RequestTarget() {}

    /** The same target with every character that a URI may not have percent-encoded; itself when there is none. */
    static String encode(String target) {
        StringBuilder encoded = null;
        boolean query = false;
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            query |= c == '?';
            if (mustEncode(target, i, query)) {
                if (encoded == null) {
                    encoded = new StringBuilder(target.length() + 16).append(target, 0, i);
                }
                encoded.append('%').append(HEX.charAt(c >> 4 & 0xF)).append(HEX.charAt(c & 0xF));
            } else if (encoded != null) {
                encoded.append(c);
            }
        }
        return encoded == null ? target : encoded.toString();
    }

    private static boolean mustEncode(String target, int i, boolean query) {
        char c = target.charAt(i);
        if (c == '%') {
            return i + 2 >= target.length()
                    || Character.digit(target.charAt(i + 1), 16) < 0
                    || Character.digit(target.charAt(i + 2), 16) < 0;
        }
        // A semicolon in a path is data here: as a matrix parameter, Spring would drop what follows it.
        return c <= ' ' || c >= 0x7F || ENCODE.indexOf(c) >= 0 || (c == ';' && !query);
    }
}
