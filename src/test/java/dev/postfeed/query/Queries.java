package dev.postfeed.query;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Query strings as the HTTP layer hands them over. */
final class Queries {

    private Queries() {}

    static Map<String, List<String>> parse(String queryString) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String pair : queryString.isEmpty() ? new String[0] : queryString.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            parameters
                    .computeIfAbsent(decode(name), n -> new ArrayList<>())
                    .add(equals < 0 ? null : decode(pair.substring(equals + 1)));
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    static ListQuery posts(String queryString) {
        return ListQuery.of(Table.POSTS, "/posts", parse(queryString));
    }

    static ListQuery users(String queryString) {
        return ListQuery.of(Table.USERS, "/users", parse(queryString));
    }
}
