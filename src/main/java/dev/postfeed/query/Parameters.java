package dev.postfeed.query;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parameters of a query string: each known, each at most once. */
public final class Parameters {

    /** Digits of the Basic Latin block only, and one way to write each number. */
    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,18}");

    private final Map<String, List<String>> values;

    private Parameters(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Checks the names; the values are for whoever asks for them.
     *
     * @param values the decoded parameters
     * @param known the names allowed here
     * @throws InvalidParameterException for a name that is not known, or that is given twice
     */
    public static Parameters of(Map<String, List<String>> values, Set<String> known) {
        values.forEach((name, given) -> {
            if (!known.contains(name)) {
                throw new InvalidParameterException(name, "is an unknown parameter" + allowed(known));
            }
            if (given.size() != 1) {
                throw new InvalidParameterException(name, "may be given once only");
            }
        });
        return new Parameters(values);
    }

    /**
     * The names and values of a query string, in the order given. Strict where servers usually are not: bytes that are
     * no UTF-8 would become something else than what was asked for.
     *
     * @param rawQuery percent-encoded, a plus for a space; null where there is none
     * @throws InvalidParameterException for a parameter that is not UTF-8
     */
    public static Map<String, List<String>> decode(@Nullable String rawQuery) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String pair : (rawQuery == null ? "" : rawQuery).split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode(pair, equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decode(name, pair.substring(equals + 1));
                parameters.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
            }
        }
        return parameters;
    }

    private static String decode(String parameter, String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(c == '+' ? ' ' : c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidParameterException(parameter, "is not UTF-8, percent-encoded");
        }
    }

    private static String allowed(Set<String> known) {
        return known.isEmpty() ? ", there are none here" : ", allowed are " + String.join(", ", new TreeSet<>(known));
    }

    /** The value of a parameter, or null where it is not given. A name without a value ({@code ?x}) has an empty one. */
    public @Nullable String get(String name) {
        List<String> given = values.get(name);
        if (given == null) {
            return null;
        }
        String value = given.get(0);
        return value == null ? "" : value;
    }

    /**
     * An id: an integer from 1 to 2^63-1, in decimal.
     *
     * @throws InvalidParameterException for anything else
     */
    public static long id(String parameter, String text) {
        if (ID.matcher(text).matches()) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                // More than 2^63-1: the same answer as below.
            }
        }
        throw new InvalidParameterException(parameter, "must be an integer from 1 to 9223372036854775807");
    }
}
