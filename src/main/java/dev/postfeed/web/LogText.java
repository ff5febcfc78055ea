package dev.postfeed.web;

/** What a client sent, as text that neither ends a line of the log nor moves a terminal. */
final class LogText {

    private static final String HEX = "0123456789ABCDEF";

    private LogText() {}

    /** The same with {@code \xHH} for what is not printable ASCII, for quotes and for backslashes, as nginx has it; cut at a length. */
    static String of(CharSequence text, int longest) {
        int length = Math.min(text.length(), longest);
        int plain = 0;
        while (plain < length && isPlain(text.charAt(plain))) {
            plain++;
        }
        if (plain == text.length()) {
            return text.toString();
        }
        StringBuilder escaped = new StringBuilder(length + 16).append(text, 0, plain);
        for (int i = plain; i < length; i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                escaped.append(c);
            } else {
                // Netty makes a character of each byte.
                escaped.append("\\x").append(HEX.charAt(c >> 4 & 0xF)).append(HEX.charAt(c & 0xF));
            }
        }
        return length < text.length() ? escaped.append("...").toString() : escaped.toString();
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7F && c != '"' && c != '\\';
    }
}
