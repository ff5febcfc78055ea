package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whatever a query string is, it is a list or a fault of one of its parameters; and no statement has anything of it. */
class QueryFuzzTests {

    private static final int QUERIES = 30_000;

    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");

    /** All that a statement may say besides numbers and punctuation. */
    private static final Set<String> WORDS =
            Set.of(("select from where order by limit and or not is null like ilike any"
                            + " desc nulls first last as on true union all over window rows between unbounded preceding filter case"
                            + " when then else end cross left join lateral"
                            + " id name email created_at title content user_id users posts author posts_next next"
                            + " t p q u e k m r n b1 b2 b3 b4 f c page row kept size place total before_this size_before"
                            + " key_1 key_2 key_3 key_4 key_5 key_6"
                            + " unnest with ordinality coalesce concat to_char to_json string_agg bool_and row_number octet_length replace sum max count"
                            + " text bigint timestamptz at time zone UTC YYYY MM DD T HH24 MI SS US Z BC eq gt")
                    .split(" "));

    @Test
    void isAListOrAFaultOfAParameterThatWasGiven() {
        QueryFuzzer fuzzer = new QueryFuzzer(1);
        int lists = 0;
        for (int i = 0; i < QUERIES; i++) {
            Table table = fuzzer.table();
            Map<String, List<String>> parameters = fuzzer.broken(table);
            try {
                ListQuery query = ListQuery.of(table, "/list", parameters);
                SqlStatement statement = query.rows(RowForm.JSON, null, 10, 10);
                assertThat(statement.binds())
                        .allMatch(bind -> bind instanceof Long
                                || bind instanceof String
                                || bind instanceof Long[]
                                || bind instanceof String[]);
                lists++;
            } catch (InvalidParameterException e) {
                assertThat(parameters).as(e.getMessage()).containsKey(e.parameter());
                assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(600);
            }
        }
        assertThat(lists).as("some of both").isBetween(QUERIES / 10, QUERIES * 9 / 10);
    }

    @Test
    void aStatementHasNoWordOfTheClient() {
        QueryFuzzer fuzzer = new QueryFuzzer(2);
        Set<String> words = new TreeSet<>();
        for (int i = 0; i < QUERIES / 3; i++) {
            Table table = fuzzer.table();
            for (SqlStatement statement : statements(table, fuzzer.broken(table))) {
                assertThat(statement.sql()).matches("[A-Za-z0-9_ .,:()\\[\\]{}<>=$'\"|&?/+*-]+");
                WORD.matcher(statement.sql()).results().forEach(word -> words.add(word.group()));
            }
        }
        assertThat(WORDS).containsAll(words);
        assertThat(words).hasSizeGreaterThan(80);
    }

    /** The value that a filter compares with is in the binds alone: another one gives the same statement. */
    @Test
    void otherValuesGiveTheSameStatement() {
        QueryFuzzer fuzzer = new QueryFuzzer(3);
        int compared = 0;
        for (int i = 0; i < QUERIES / 3; i++) {
            Table table = fuzzer.table();
            Map<String, List<String>> parameters = fuzzer.next(table);
            Map<String, List<String>> others = new LinkedHashMap<>();
            parameters.forEach((name, values) -> others.put(
                    name, values.stream().map(QueryFuzzTests::otherValue).toList()));
            if (!others.equals(parameters)) {
                List<String> sql = sql(statements(table, parameters));
                assertThat(sql(statements(table, others))).isEqualTo(sql);
                compared += sql.isEmpty() ? 0 : 1;
            }
        }
        assertThat(compared).isGreaterThan(QUERIES / 15);
    }

    /** Of a plain filter: {@code eq.x} and its like. */
    private static String otherValue(String value) {
        return value.matches("(?s)(not\\.)?(eq|neq|gt|gte|lt|lte)\\.-?[0-9]+")
                ? value.replaceFirst("-?[0-9]+$", "4242")
                : value.matches("(?s)(not\\.)?(like|ilike)\\..*")
                        ? value.replaceFirst("(?s)like\\..*", "like.'; drop table posts; --")
                        : value;
    }

    private static List<String> sql(List<SqlStatement> statements) {
        return statements.stream().map(SqlStatement::sql).toList();
    }

    private static List<SqlStatement> statements(Table table, Map<String, List<String>> parameters) {
        try {
            ListQuery query = ListQuery.of(table, "/list", parameters);
            return List.of(
                    query.rows(RowForm.JSON, null, 10, 10),
                    query.rows(RowForm.CSV, null, 10, 10),
                    query.rowsAndTotal(RowForm.CSV, null, 10, 10),
                    query.plainRows(null, 10),
                    together(query));
        } catch (InvalidParameterException e) {
            return List.of();
        }
    }

    private static SqlStatement together(ListQuery query) {
        SqlStatement rows = query.shortRows(null, 10);
        return rows == null ? query.plainRows(null, 10) : SqlStatement.together(List.of(rows, rows));
    }
}
