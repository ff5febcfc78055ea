package dev.postfeed.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Parameters of lists, most of them right, and then a few of them broken at random places. */
final class QueryFuzzer {

    private static final Map<Table, List<String>> SELECTS = Map.of(
            Table.USERS,
            List.of("*", "id", "name,email", "*,posts(*)", "id,posts(title,content)", "created_at,posts(user_id)"),
            Table.POSTS,
            List.of("*", " id , title ", "content", "*,author(name)", "id,author(*)", "users(id,email)"));

    private static final List<String> WRONG_SELECTS =
            List.of("author()", "posts", "id,id", "author(name", "title)", "author(posts(id))", "*,*", ",", "id,");

    private static final List<String> LIMITS =
            List.of("1", "100", "1000", "9223372036854775807", "7", "12", "0", "01", "1e3");

    private static final List<String> PIECES = List.of(
            "(",
            ")",
            ",",
            ".",
            "\"",
            "\\",
            "not.",
            "or",
            "and(",
            "in.(",
            "eq.",
            "is.null",
            "like.",
            " ",
            "*",
            "%",
            "'",
            ";",
            "--",
            "/*",
            "$1",
            "\0",
            "\uD800",
            "\uDC00",
            "😀",
            "٣",
            "é",
            "\n",
            "\u2028",
            "null",
            "id",
            "9".repeat(30),
            "((((",
            "))))",
            "\"\"",
            "infinity",
            "2026-02-30",
            "2026-11-22T10:00:00 02:00",
            "union select",
            "::text",
            "id.eq.1,");

    private static final List<String> NAMES = List.of(
            "id", "title", "name", "content", "or", "and", "not.or", "order", "select", "limit", "cursor", "x", "",
            "ID");

    private final Random random;

    QueryFuzzer(long seed) {
        random = new Random(seed);
    }

    Table table() {
        return random.nextBoolean() ? Table.USERS : Table.POSTS;
    }

    /** As a client who knows the grammar writes them. */
    Map<String, List<String>> next(Table table) {
        RandomQueries queries = new RandomQueries(random, table);
        Map<String, List<String>> parameters = new LinkedHashMap<>(
                random.nextInt(4) == 0 ? Map.of() : queries.filters().parameters());
        if (random.nextBoolean()) {
            parameters.put("order", List.of(queries.order(1 + random.nextInt(3)).parameter()));
        }
        if (random.nextBoolean()) {
            parameters.put("select", List.of(queries.any(random.nextInt(9) == 0 ? WRONG_SELECTS : SELECTS.get(table))));
        }
        if (random.nextInt(4) == 0) {
            parameters.put("limit", List.of(queries.any(LIMITS)));
        }
        return parameters;
    }

    /** The same with up to three faults, which may do no harm. */
    Map<String, List<String>> broken(Table table) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        next(table).forEach((name, values) -> parameters.put(name, new ArrayList<>(values)));
        RandomQueries queries = new RandomQueries(random, table);
        for (int faults = Math.max(0, random.nextInt(5) - 1); faults > 0; faults--) {
            if (parameters.isEmpty() || random.nextInt(5) == 0) {
                parameters
                        .computeIfAbsent(queries.any(NAMES), n -> new ArrayList<>())
                        .add(random.nextInt(9) == 0 ? null : queries.any(PIECES));
            } else {
                List<String> values = queries.any(List.copyOf(parameters.values()));
                int at = random.nextInt(values.size());
                values.set(at, broken(values.get(at) == null ? "" : values.get(at), queries));
            }
        }
        return parameters;
    }

    private String broken(String text, RandomQueries queries) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(4));
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, from) + text.substring(to);
            case 1 -> text.substring(0, from);
            case 2 -> text.substring(0, from) + queries.any(PIECES) + text.substring(to);
            default -> text.substring(0, from) + queries.any(PIECES) + text.substring(from);
        };
    }
}
