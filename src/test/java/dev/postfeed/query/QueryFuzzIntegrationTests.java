package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever passes as a list PostgreSQL executes, with every position that it gave itself. */
class QueryFuzzIntegrationTests {

    private static final int QUERIES = 6_000;

    private static QueryDatabase database;

    @BeforeAll
    static void fill() {
        database = QueryDatabase.migrated();
        for (String text : RandomQueries.TEXTS) {
            database.sql().run("insert into users (name, email) values (?, ?)", text, text);
            database.sql()
                    .run(
                            "insert into posts (title, content, user_id) values (?, ?, (select max(id) from users))",
                            text,
                            text);
        }
        database.sql().run("insert into posts (title, created_at) values ('', 'infinity'), ('', '-infinity')");
        database.sql()
                .run("insert into users (name, email, created_at) values ('', 'bc', '4713-01-01 00:00:00+00 BC')");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void whatPassesIsExecuted() {
        QueryFuzzer fuzzer = new QueryFuzzer(4);
        int executed = 0;
        int continued = 0;
        for (int i = 0; i < QUERIES; i++) {
            Table table = fuzzer.table();
            Map<String, List<String>> parameters = fuzzer.broken(table);
            ListQuery query;
            try {
                query = ListQuery.of(table, "/list", parameters);
            } catch (InvalidParameterException e) {
                continue; // QueryFuzzTests looks at these
            }
            RowForm form = i % 2 == 0 ? RowForm.JSON : RowForm.CSV;
            List<List<String>> rows = run(query.rows(form, null, 3, 1 << 20), parameters);
            executed++;
            if (!rows.isEmpty()) {
                List<String> last = rows.get(rows.size() - 1);
                Position position = new Position(last.subList(1, last.size()), rows.size());
                ListQuery next = ListQuery.of(table, "/list", Queries.parse(query.next(position)));
                assertThat(next.start()).isEqualTo(position);
                run(next.rowsAndTotal(form, next.start(), 3, 1 << 20), parameters);
                continued++;
            }
        }
        assertThat(executed).isGreaterThan(QUERIES / 4);
        assertThat(continued).isGreaterThan(QUERIES / 10);
    }

    private static List<List<String>> run(SqlStatement statement, Map<String, List<String>> parameters) {
        try {
            return database.run(statement);
        } catch (RuntimeException e) {
            throw new AssertionError(parameters + " became " + statement, e);
        }
    }
}
