package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterParserTests {

    /** Once a quadratic search for the end of them: 2 minutes. */
    @Test
    void aFloodOfBackslashesTakesNoTime() {
        String pattern = "like." + "\\".repeat(200_000) + "x";
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> posts("title", pattern));
        assertThat(posts("title", "like.a\\\\\n")).isNotNull();
    }

    private static ListQuery posts(String name, String value) {
        return ListQuery.of(Table.POSTS, "/posts", Map.of(name, List.of(value)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "id      | eq.1                 | t.id = $1                              | 1",
                "id      | neq.1                | t.id <> $1                             | 1",
                "id      | gt.-1                | t.id > $1                              | -1",
                "id      | gte.007              | t.id >= $1                             | 7",
                "id      | lt.9223372036854775807  | t.id < $1                           | 9223372036854775807",
                "id      | lte.-9223372036854775808 | t.id <= $1                         | -9223372036854775808",
                "id      | not.eq.1             | not (t.id = $1)                        | 1",
                "id      | in.(1,2)             | t.id = any ($1)                        | [1, 2]",
                "id      | not.in.(1)           | not (t.id = any ($1))                  | [1]",
                "id      | in.()                | t.id = any ($1)                        | []",
                "id      | in.(\"1\",2)         | t.id = any ($1)                        | [1, 2]",
                "user_id | is.null              | t.user_id is null                      | ",
                "user_id | is.NULL              | t.user_id is null                      | ",
                "user_id | not.is.null          | not (t.user_id is null)                | ",
                "user_id | is.not_null          | not (t.user_id is null)                | ",
                "user_id | not.is.Not_Null      | t.user_id is null                      | ",
                "title   | eq.a                 | t.title = $1                           | a",
                // A single value is taken whole, quotes, commas and parentheses too.
                "title   | eq.\"a\"             | t.title = $1                           | \"a\"",
                "title   | eq.a,b)(.c           | t.title = $1                           | a,b)(.c",
                "title   | eq.not.eq.x          | t.title = $1                           | not.eq.x",
                "title   | eq.null              | t.title = $1                           | null",
                "title   | like.a*              | t.title like $1                        | a%",
                "title   | ilike.*a%_*          | t.title ilike $1                       | %a%_%",
                "title   | not.like.\\*         | not (t.title like $1)                  | \\%",
                "title   | like.a\\\\           | t.title like $1                        | a\\\\",
                "title   | in.(a,b)             | t.title = any ($1)                     | [a, b]",
                // https://docs.postgrest.org/en/stable/references/api/url_grammar.html#reserved-characters
                "title   | in.(\"hi,there\",\"yes,you\") | t.title = any ($1)             | [hi,there, yes,you]",
                "title   | in.(\"Quote:\\\"\",\"Backslash:\\\\\") | t.title = any ($1)    | [Quote:\", Backslash:\\]",
                "title   | in.(a\"b\",c d)      | t.title = any ($1)                     | [a\"b\", c d]",
                "title   | in.( a,b )           | t.title = any ($1)                     | `[a, b ]`",
                "created_at | gte.2026-11-22    | t.created_at >= $1::text::timestamptz  | 2026-11-22 00:00:00.000000+00 AD",
                "created_at | in.(infinity,-infinity) | t.created_at = any ($1::text[]::timestamptz[]) | [infinity, -infinity]",
                "or      | (id.lt.18,id.gt.21)  | (t.id < $1 or t.id > $2)               | 18;21",
                "and     | (id.gte.1)           | (t.id >= $1)                           | 1",
                "not.or  | (id.lt.1,title.eq.)  | not (t.id < $1 or t.title = $2)        | 1;",
                "not.and | (id.lt.1,user_id.is.null) | not (t.id < $1 and t.user_id is null) | 1",
                "or      | (id.eq.14,not.and(id.gte.11,id.lte.17)) | (t.id = $1 or not (t.id >= $2 and t.id <= $3)) | 14;11;17",
                "or      | (id.not.eq.1,id.in.(2,3),or(id.eq.4)) | (not (t.id = $1) or t.id = any ($2) or (t.id = $3)) | 1;[2, 3];4",
                "or      | ( id.eq.1, and ( id.eq.2) ) | (t.id = $1 or (t.id = $2)) | 1;2",
                "and     | (title.eq.\"a,b)\",title.like.*x*) | (t.title = $1 and t.title like $2) | a,b);%x%",
                "or      | (title.eq.\"\",title.eq.a\"b) | (t.title = $1 or t.title = $2) | ;a\"b",
            })
    void becomesSqlWithBinds(String parameter, String value, String sql, String binds) {
        List<String> where = where(parameter, value.strip());
        assertThat(where.get(0)).isEqualTo(sql.strip());
        assertThat(where.get(1)).isEqualTo(binds == null ? "" : binds);
    }

    private static List<String> where(String parameter, String value) {
        FilterParser parser = new FilterParser(Table.POSTS);
        Column column = Table.POSTS.find(parameter);
        Filter filter = column != null
                ? parser.condition(parameter, column, value)
                : parser.group(parameter, parameter.startsWith("not."), parameter.endsWith("or"), value);
        Binds binds = new Binds();
        String sql = filter.sql(binds);
        String values = binds.values().stream()
                .map(bind -> bind instanceof Object[] array ? List.of(array).toString() : bind.toString())
                .collect(Collectors.joining(";"));
        return List.of(sql, values);
    }

    @Test
    void theEmptyTextAndTheEmptyListAreTwoThings() {
        assertThat(where("title", "in.()")).endsWith("[]");
        assertThat(where("title", "in.(\"\")").get(1)).isEqualTo("[]");
        assertThat((Object[]) bind("title", "in.()"))
                .isInstanceOf(String[].class)
                .isEmpty();
        assertThat((Object[]) bind("title", "in.(\"\")")).containsExactly("");
        assertThat((Object[]) bind("title", "in.(a,)")).containsExactly("a", "");
        assertThat((Object[]) bind("id", "in.()")).isInstanceOf(Long[].class).isEmpty();
        assertThat(bind("title", "eq.")).isEqualTo("");
    }

    private static Object bind(String parameter, String value) {
        return ListQuery.of(Table.POSTS, "/posts", Map.of(parameter, List.of(value)))
                .rows(RowForm.CSV, null, 1, 1)
                .binds()
                .get(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "eq",
                "eq1",
                "EQ.1",
                "equals.1",
                "fts.a",
                "isdistinct.1",
                "eq(any).1",
                ".1",
                "not",
                "not.",
                "not.1",
                "not.not.eq.1",
                "=.1",
                "eq\u0000.1",
                " eq.1"
            })
    void needsAnOperator(String value) {
        Faults.expect(Table.POSTS, "id", value, "needs an operator", "eq, neq, gt, gte, lt, lte, like, ilike, in, is");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a",
                "1.0",
                "1e3",
                "+1",
                "--1",
                "0x1",
                "\u0663",
                "9223372036854775808",
                "-9223372036854775809",
                "1 ",
                " 1",
                "1\u0000",
                "1;drop table posts",
                "\"1\"",
                "null",
                "NaN"
            })
    void needsAnInteger(String value) {
        Faults.expect(Table.POSTS, "id", "eq." + value, "for id", "must be an integer from -9223372036854775808");
        Faults.expect(Table.POSTS, "user_id", "not.lte." + value, "for user_id");
        if (!value.contains("\"")) {
            Faults.expect(Table.POSTS, "or", "(id.eq.1,id.gt.\"" + value + "\")", "for id");
            Faults.expect(Table.POSTS, "id", "in.(1,\"" + value + "\")", "for id");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "a\u0000b", "\uD800", "a\uDC00", "\uDC00\uD800"})
    void needsTextThatPostgresqlStores(String value) {
        Faults.expect(Table.POSTS, "title", "eq." + value, "for title", "text without U+0000");
        Faults.expect(Table.POSTS, "title", "like." + value, "for title");
        Faults.expect(Table.POSTS, "or", "(title.in.(\"" + value + "\"))", "for title");
        assertThat(bind("title", "eq.\uD83D\uDE00")).isEqualTo("😀");
    }

    @ParameterizedTest
    @ValueSource(strings = {"is.", "is.true", "is.unknown", "is.null ", "is.not null", "is.\"null\"", "is.nulls"})
    void isKnowsNullOnly(String value) {
        Faults.expect(Table.POSTS, "user_id", value, "null or not_null");
    }

    @Test
    void patternsAreForTextsAndDoNotEndInABackslash() {
        Faults.expect(Table.POSTS, "id", "like.1*", "compares id by a pattern");
        Faults.expect(Table.POSTS, "created_at", "ilike.2026*", "compares created_at by a pattern");
        Faults.expect(Table.POSTS, "title", "like.\\", "single backslash");
        Faults.expect(Table.POSTS, "title", "like.a\\\\\\", "single backslash");
        Faults.expect(Table.POSTS, "or", "(title.ilike.\"a\\\\\")", "single backslash");
        Faults.expect(Table.POSTS, "title", "like." + "a\\".repeat(50_000), "single backslash");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "in.",
                "in.1",
                "in.1,2",
                "in.(",
                "in.(1",
                "in.(1,2",
                "in.1)",
                "in.(1,2)x",
                "in.(1,2) ",
                "in.(1))",
                "in.((1))",
                "in.(\"1",
                "in.(\"1\\",
                "in.(\"1\\\"",
                "in.(\"1\"2)",
                "in.(\"1\" )",
                "in.(1,)",
                "in.(,)",
                "in.(,1)"
            })
    void needsAWholeList(String value) {
        Faults.expect(Table.POSTS, "id", value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "()",
                "( )",
                "(",
                ")",
                "id.eq.1",
                "(id.eq.1",
                "id.eq.1)",
                "(id.eq.1))",
                "(id.eq.1)x",
                "(id.eq.1)(id.eq.2)",
                "(id.eq.1,)",
                "(,id.eq.1)",
                "(id.eq.1,,id.eq.2)",
                "(id)",
                "(id.)",
                "(id.eq)",
                "(.eq.1)",
                "(nope.eq.1)",
                "(author.name.eq.x)",
                "(and)",
                "(and())",
                "(and(id.eq.1)",
                "(not.id.eq.1)",
                "(not.and)",
                "(not.not.and(id.eq.1))",
                "(xor(id.eq.1))",
                "(ORDER(id.eq.1))",
                "(id.eq.1;id.eq.2)",
                "((id.eq.1))",
                "(id.in.1,2,id.eq.3)",
                "(\"id\".eq.1)",
                "(title.eq.\"a)",
                "(title.eq.\"a\"b)",
                "(title.eq.\"a\"\"b\")",
                "(id.eq.1,limit.eq.1)"
            })
    void needsWholeConditionsInAGroup(String value) {
        for (String group : List.of("or", "and", "not.or", "not.and")) {
            Faults.expect(Table.POSTS, group, value);
        }
    }

    @Test
    void saysWhereAndWhatIsAllowed() {
        Faults.expect(
                Table.POSTS,
                "or",
                "(id.eq.1,nope.eq.1)",
                "has the unknown column \"nope\"",
                "allowed are id, title, content, user_id, created_at",
                "at character 10 of \"(id.eq.1,nope.eq.1)\"");
        Faults.expect(Table.POSTS, "or", "(id.eq.1", "ends where ) is needed at character 9 of");
        Faults.expect(Table.POSTS, "id", "eq." + "9".repeat(10_000), "\"" + "9".repeat(100) + "...\"");
        Faults.expect(Table.POSTS, "id", "eq." + "😀".repeat(10_000), "\"" + "😀".repeat(100) + "...\"");
        Faults.expect(Table.POSTS, "id", "eq.\uD800", "\"\uFFFD\"");
    }

    @Test
    void aPlusThatBecameASpaceIsExplained() {
        Faults.expect(Table.POSTS, "created_at", "gt.2026-11-22T10:00:00 02:00", "the + written %2B");
    }

    @Test
    void atMostAHundredConditions() {
        String most = Stream.generate(() -> "id.eq.1").limit(99).collect(Collectors.joining(",", "(", ")"));
        ListQuery.of(Table.POSTS, "/posts", Map.of("or", List.of(most), "id", List.of("eq.1")));
        Faults.expect(
                Table.POSTS, Map.of("or", List.of(most, "(id.eq.1,id.eq.2)")), "or", "more than the 100 conditions");
        List<String> many = new ArrayList<>();
        for (int i = 0; i <= 10_000; i++) {
            many.add("eq." + i);
        }
        Faults.expect(Table.POSTS, Map.of("id", many), "id", "more than the 100 conditions");
    }

    @Test
    void atMostSixteenDeep() {
        ListQuery.of(Table.POSTS, "/posts", Map.of("or", List.of(nested(15))));
        Faults.expect(Table.POSTS, "or", nested(16), "nested more than 16 deep");
        Faults.expect(Table.POSTS, "or", nested(100_000), "nested more than 16 deep");
        Faults.expect(Table.POSTS, "or", "(and".repeat(100_000), "nested more than 16 deep");
        Faults.expect(Table.POSTS, "or", "(".repeat(100_000));
    }

    private static String nested(int depth) {
        return "(and".repeat(depth) + "(id.eq.1)" + ")".repeat(depth);
    }
}
