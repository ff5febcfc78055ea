package dev.postfeed.query;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a filter may compare by. */
enum Operator {
    EQ("="),
    NEQ("<>"),
    GT(">"),
    GTE(">="),
    LT("<"),
    LTE("<="),
    LIKE("like"),
    ILIKE("ilike"),
    IN("= any"),
    IS("is null");

    static final String NAMES = Arrays.stream(values()).map(Operator::text).collect(Collectors.joining(", "));

    private final String sql;

    Operator(String sql) {
        this.sql = sql;
    }

    /** Names are lower-case, as in PostgREST. */
    static @Nullable Operator find(String text) {
        return Arrays.stream(values())
                .filter(operator -> operator.text().equals(text))
                .findFirst()
                .orElse(null);
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    String sql() {
        return sql;
    }

    boolean isPattern() {
        return this == LIKE || this == ILIKE;
    }
}
