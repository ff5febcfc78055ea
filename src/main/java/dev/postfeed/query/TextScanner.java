package dev.postfeed.query;

/** Reads the value of a parameter from left to right; what is wrong it says with the place. */
final class TextScanner {

    private static final int SHOWN = 100;

    private final String parameter;
    private final String text;
    private int next;
    private int lastWord;

    TextScanner(String parameter, String text) {
        this.parameter = parameter;
        this.text = text;
    }

    boolean isAtEnd() {
        return next == text.length();
    }

    boolean isAt(char c) {
        return next < text.length() && text.charAt(next) == c;
    }

    /** Reads a text, where it is next. */
    boolean take(String expected) {
        boolean found = text.startsWith(expected, next);
        next += found ? expected.length() : 0;
        return found;
    }

    void expect(String expected) {
        if (!take(expected)) {
            throw wrong(isAtEnd() ? "ends where %s is needed".formatted(expected) : "needs %s".formatted(expected));
        }
    }

    void expectEnd() {
        if (!isAtEnd()) {
            throw wrong("has more than it may");
        }
    }

    TextScanner spaces() {
        while (isAt(' ')) {
            next++;
        }
        return this;
    }

    /** The letters, digits and underscores that are next; may be empty. */
    String word() {
        lastWord = next;
        while (next < text.length() && isOfWord(text.charAt(next))) {
            next++;
        }
        return text.substring(lastWord, next);
    }

    private static boolean isOfWord(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }

    /** All that is left. */
    String rest() {
        String rest = text.substring(next);
        next = text.length();
        return rest;
    }

    /** A value within parentheses: up to a comma or parenthesis, or quoted with backslashes. */
    String element() {
        if (isAt('"')) {
            return quoted();
        }
        int start = next;
        while (next < text.length() && !isAt(',') && !isAt(')')) {
            next++;
        }
        return text.substring(start, next);
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        for (next++; !isAt('"'); next++) {
            if (isAt('\\')) {
                next++;
            }
            if (isAtEnd()) {
                throw wrong("has no closing quote");
            }
            value.append(text.charAt(next));
        }
        next++;
        if (!isAtEnd() && !isAt(',') && !isAt(')')) {
            throw wrong("goes on after a closing quote; a quote within quotes is written \\\"");
        }
        return value.toString();
    }

    /** The error of what is next. */
    InvalidParameterException wrong(String detail) {
        return wrong(detail, next);
    }

    /** The error of the last word. */
    InvalidParameterException wrongWord(String detail) {
        return wrong(detail, lastWord);
    }

    private InvalidParameterException wrong(String detail, int at) {
        return new InvalidParameterException(
                parameter, "%s at character %d of %s".formatted(detail, at + 1, shown(text)));
    }

    /** A value as errors show it: not all of a long one, and nothing that is no text. */
    static String shown(String value) {
        int end = value.codePointCount(0, Math.min(value.length(), 2 * SHOWN)) > SHOWN
                ? value.offsetByCodePoints(0, SHOWN)
                : Math.min(value.length(), 2 * SHOWN);
        StringBuilder shown = new StringBuilder("\"");
        value.substring(0, end)
                .codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(shown::appendCodePoint);
        return shown.append(end < value.length() ? "...\"" : "\"").toString();
    }
}
