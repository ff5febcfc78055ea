package dev.postfeed.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * What the client would like, as far as the service can: the {@code Prefer} header. Unknown preferences are ignored, and
 * of two of one name the first counts.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7240">RFC 7240</a>
 */
final class Preferences {

    static final String HEADER = "Prefer";

    /** The header of an answer that says which preferences it follows. */
    static final String APPLIED = "Preference-Applied";

    static final String RETURN_MINIMAL = "return=minimal";

    private final Map<String, String> values = new LinkedHashMap<>();

    private Preferences() {}

    static Preferences of(ServerRequest request) {
        return parse(request.headers().header(HEADER));
    }

    static Preferences parse(List<String> headers) {
        Preferences preferences = new Preferences();
        for (String header : headers) {
            for (String preference : split(header, ',')) {
                // What follows a semicolon are parameters of the preference: none that is known has any.
                String nameAndValue = split(preference, ';').get(0);
                int equals = nameAndValue.indexOf('=');
                String name = equals < 0 ? nameAndValue : nameAndValue.substring(0, equals);
                String value = equals < 0 ? "" : nameAndValue.substring(equals + 1);
                preferences.values.putIfAbsent(
                        name.strip().toLowerCase(Locale.ROOT),
                        unquoted(value.strip()).toLowerCase(Locale.ROOT));
            }
        }
        return preferences;
    }

    /** The value of a preference in lower case, empty where it has none; null where it is not given. */
    @Nullable
    String get(String name) {
        return values.get(name);
    }

    /** @param preference as {@code name=value}, in lower case */
    boolean has(String preference) {
        int equals = preference.indexOf('=');
        return preference.substring(equals + 1).equals(get(preference.substring(0, equals)));
    }

    /** The parts between separators that are not inside quotation marks. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
