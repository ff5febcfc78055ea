package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The buffers (pages of 8 KiB) that PostgreSQL touches for a statement that was prepared and used before, as the
 * driver's are: from its sixth use on its plan may be a generic one.
 */
record Buffers(long touched, String plan) {

    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?");

    static Buffers of(QueryDatabase database, SqlStatement statement) {
        String types = statement.binds().stream().map(Buffers::type).collect(Collectors.joining(","));
        String values = statement.binds().stream().map(Buffers::literal).collect(Collectors.joining(","));
        database.sql().run("prepare page (" + types + ") as " + statement.sql());
        try {
            String plan = "";
            for (int use = 1; use <= 7; use++) {
                List<String> lines = database.sql().column("explain (analyze, buffers) execute page (" + values + ")");
                plan = String.join("\n", lines);
            }
            Matcher buffers = BUFFERS.matcher(plan);
            assertThat(buffers.find()).as(plan).isTrue();
            long sum = 0;
            for (int group = 1; group <= 2; group++) {
                sum += buffers.group(group) == null ? 0 : Long.parseLong(buffers.group(group));
            }
            return new Buffers(sum, plan);
        } finally {
            database.sql().run("deallocate page");
        }
    }

    private static String type(Object bind) {
        return (bind instanceof Long || bind instanceof Long[] ? "bigint" : "varchar")
                + (bind instanceof Object[] ? "[]" : "");
    }

    private static String literal(Object bind) {
        if (bind instanceof Object[] values) {
            return Arrays.stream(values)
                    .map(Buffers::literal)
                    .collect(Collectors.joining(",", "array[", "]::" + type(bind)));
        }
        return RandomQueries.quoted(bind.toString());
    }
}
