package dev.postfeed.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A row as columns, read here, is what PostgreSQL writes of it as JSON. */
class PlainRowIntegrationTests {

    private static final JsonMapper JSON = new JsonMapper();

    private static QueryDatabase database;

    @BeforeAll
    static void fill() {
        database = QueryDatabase.migrated();
        for (String text : RowTextIntegrationTests.TEXTS) {
            database.sql()
                    .run(
                            "insert into users (name, email, created_at) values (?, ?, '2026-11-22 12:30:00.1+02:00')",
                            text,
                            text + "@example.com");
        }
        database.sql()
                .run(
                        "insert into users (name, email, created_at) values"
                                + " ('early', 'early', '-infinity'), ('late', 'late', 'infinity'), ('now', 'now', now()),"
                                + " ('old', 'old', '0044-03-15 12:00:00.000001+00 BC'),"
                                + " ('far', 'far', '12026-11-22 10:30:00.12+00'), ('whole', 'whole', '2026-11-22 10:30:00+00')");
        database.sql()
                .run("insert into posts (title, content, user_id, created_at)"
                        + " select name, nullif(name, 'null'), nullif(id, 1), created_at from users order by id");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    /** The time zone that the service asks for, and another. */
    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Asia/Kathmandu"})
    void columnsAreWhatIsWritten(String timeZone) {
        database.run(new SqlStatement("set time zone '" + timeZone + "'", List.of()));
        for (ListQuery query : List.of(
                Queries.users("limit=1000&order=created_at,id"),
                Queries.users("limit=1000&select=created_at,name&order=name.desc"),
                Queries.posts("limit=1000&select=user_id,content,title,created_at"))) {
            List<List<String>> plain = database.run(query.plainRows(null, 1000));
            List<List<String>> written = database.run(query.rows(RowForm.JSON, null, 1000, Integer.MAX_VALUE));
            assertThat(plain).hasSameSizeAs(written).hasSize(RowTextIntegrationTests.TEXTS.size() + 6);
            for (int i = 0; i < plain.size(); i++) {
                expectSame(query.plainRow(), plain.get(i), written.get(i));
            }
        }
    }

    private static void expectSame(PlainRow columns, List<String> plain, List<String> written) {
        JsonNode row = JSON.readTree(written.get(0));
        assertThat(row.size()).isEqualTo(columns.selected());
        for (int column = 0; column < columns.selected(); column++) {
            PlainRow.Field field = columns.columns().get(column);
            String value = plain.get(column);
            assertThat(value == null ? null : new String(field.text(value.getBytes(UTF_8)), UTF_8))
                    .isEqualTo(row.get(field.name()).asString(null));
            assertThat(row.get(field.name()).isNumber()).isEqualTo(field.isInteger() && value != null);
        }
        List<String> key = written.subList(1, written.size());
        for (int k = 0; k < key.size(); k++) {
            int column = columns.key().get(k);
            assertThat(columns.columns().get(column).key(plain.get(column))).isEqualTo(key.get(k));
        }
    }

    @Test
    void rowsWithinARowAreNoColumns() {
        assertThat(Queries.users("select=id,posts(id)").plainRow()).isNull();
    }
}
