package dev.postfeed.query;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** Writes query strings (RFC 3986). */
final class QueryStrings {

    /** Left as they are: unreserved, and those of the grammar that mean nothing to an address. */
    private static final BitSet LITERAL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~,()*:"
            .chars()
            .collect(BitSet::new, BitSet::set, BitSet::or);

    private QueryStrings() {}

    static String format(Map<String, List<String>> parameters) {
        StringBuilder query = new StringBuilder();
        parameters.forEach((name, values) -> values.forEach(value -> {
            query.append(query.isEmpty() ? "" : "&");
            encode(name, query);
            encode(value, query.append('='));
        }));
        return query.toString();
    }

    private static void encode(String text, StringBuilder query) {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (LITERAL.get(b & 0xff)) {
                query.append((char) b);
            } else {
                query.append('%')
                        .append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            }
        }
    }
}
