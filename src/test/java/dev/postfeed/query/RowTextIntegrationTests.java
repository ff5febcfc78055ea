package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What PostgreSQL writes of a row is JSON, or CSV, of what is stored. */
class RowTextIntegrationTests {

    private static final JsonMapper JSON = new JsonMapper();

    /** What writers of JSON and CSV may get wrong. */
    static final List<String> TEXTS = List.of(
            "plain",
            "",
            " ",
            "\"",
            "\"\"",
            "a\"b,c",
            ",",
            "\\",
            "\\n",
            "line\nbreak",
            "\r\n",
            "\u0001\u0008\u001f\u007f",
            "\u2028\u2029",
            "😀\uD83D\uDC68\u200D\uD83D\uDC69",
            "ünï",
            "</script>",
            "null",
            "=1+1",
            "'",
            "{\"a\":1}");

    private static QueryDatabase database;

    @BeforeAll
    static void fill() {
        database = QueryDatabase.migrated();
        for (String text : TEXTS) {
            database.sql()
                    .run(
                            "insert into users (name, email, created_at) values (?, ?, '2026-11-22 12:30:00.1+02:00')",
                            text,
                            text + "@example.com");
        }
        database.sql()
                .run(
                        "insert into posts (title, content, user_id, created_at)"
                                + " select name, nullif(name, 'null'), nullif(id, 1), '2026-11-22 10:30:00+00' from users order by id");
        database.sql()
                .run("insert into users (id, name, email, created_at) values"
                        + " (1001, 'early', 'early', '-infinity'), (1002, 'late', 'late', 'infinity'),"
                        + " (1003, 'busy', 'busy', now()), (1004, 'wordy', 'wordy', now())");
        database.sql()
                .run("insert into posts (id, title, content, user_id)"
                        + " select 10000 + i, 'of 1003', null, 1003 from generate_series(1, 150) i");
        database.sql()
                .run("insert into posts (id, title, content, user_id)"
                        + " select 20000 + i, 'of 1004', repeat('x', 400000), 1004 from generate_series(1, 5) i");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void jsonIsWhatIsStored() {
        List<String> rows = rows(Queries.posts("id=lt.1000&limit=1000"), RowForm.JSON);
        assertThat(rows).hasSameSizeAs(TEXTS);
        for (int i = 0; i < TEXTS.size(); i++) {
            JsonNode row = JSON.readTree(rows.get(i));
            String text = TEXTS.get(i);
            assertThat(row.propertyNames()).containsExactly("id", "title", "content", "user_id", "created_at");
            assertThat(row.get("id").asLong()).isEqualTo(i + 1);
            assertThat(row.get("title").asString()).isEqualTo(text);
            if (text.equals("null")) {
                assertThat(row.get("content").isNull()).isTrue();
            } else {
                assertThat(row.get("content").asString()).isEqualTo(text);
            }
            assertThat(row.get("user_id").isNull()).isEqualTo(i == 0);
            assertThat(row.get("created_at").asString()).isEqualTo("2026-11-22T10:30:00.000000Z");
            assertThat(rows.get(i)).doesNotContain("\n", "\r");
        }
    }

    @Test
    void jsonIsCompactAndInTheOrderAskedFor() {
        assertThat(rows(Queries.posts("id=eq.2&select=created_at,user_id,author(email,id),title"), RowForm.JSON))
                .containsExactly("{\"created_at\":\"2026-11-22T10:30:00.000000Z\",\"user_id\":2,"
                        + "\"author\":{\"email\":\"@example.com\",\"id\":2},\"title\":\"\"}");
        assertThat(rows(Queries.posts("id=eq.1&select=id,users(*)"), RowForm.JSON))
                .containsExactly("{\"id\":1,\"users\":null}");
        assertThat(rows(Queries.users("id=eq.2&select=posts(title,created_at),id"), RowForm.JSON))
                .containsExactly(
                        "{\"posts\":[{\"title\":\"\",\"created_at\":\"2026-11-22T10:30:00.000000Z\"}],\"id\":2}");
        assertThat(rows(Queries.users("id=eq.1&select=posts(*)"), RowForm.JSON)).containsExactly("{\"posts\":[]}");
        assertThat(rows(Queries.users("id=in.(1001,1002)&select=created_at"), RowForm.JSON))
                .containsExactly("{\"created_at\":\"-infinity\"}", "{\"created_at\":\"infinity\"}");
    }

    @Test
    void csvIsWhatIsStored() {
        ListQuery query = Queries.posts("id=lt.1000&limit=1000&select=*,author(name)");
        assertThat(query.csvHeader()).isEqualTo("id,title,content,user_id,created_at,author");
        List<String> rows = rows(query, RowForm.CSV);
        assertThat(rows).hasSameSizeAs(TEXTS);
        for (int i = 0; i < TEXTS.size(); i++) {
            String text = TEXTS.get(i);
            List<String> record = record(rows.get(i));
            assertThat(record).hasSize(6);
            assertThat(record.subList(0, 5))
                    .containsExactly(
                            Integer.toString(i + 1),
                            text,
                            text.equals("null") ? null : text,
                            i == 0 ? null : Integer.toString(i + 1),
                            "2026-11-22T10:30:00.000000Z");
            if (i == 0) {
                assertThat(record.get(5)).isNull();
            } else {
                assertThat(JSON.readTree(record.get(5)).get("name").asString()).isEqualTo(text);
            }
        }
    }

    @Test
    void csvOfAUserTellsWhereTheRestOfThePostsIs() {
        ListQuery query = Queries.users("id=in.(2,1003)&select=id,posts(id)");
        assertThat(query.csvHeader()).isEqualTo("id,posts,posts_next");
        List<String> rows = rows(query, RowForm.CSV);
        assertThat(rows.get(0)).isEqualTo("2,\"[{\"\"id\"\":2}]\",");
        assertThat(record(rows.get(1)))
                .startsWith("1003")
                .endsWith("/posts?user_id=eq.1003&id=gt.10100&order=id")
                .hasSize(3);
    }

    @Test
    void postsOfAUserAreAtMostAHundred() {
        JsonNode user = JSON.readTree(rows(Queries.users("id=eq.1003&select=posts(id),id"), RowForm.JSON)
                .get(0));
        assertThat(user.propertyNames()).containsExactly("posts", "id", "posts_next");
        List<Long> ids = new ArrayList<>();
        user.get("posts").forEach(post -> ids.add(post.get("id").asLong()));
        assertThat(ids).hasSize(100).isSorted().startsWith(10001L).endsWith(10100L);
        expectRest(user, 1003, 150);
    }

    @Test
    void postsOfAUserAreCutWhereTheirTextsExceedAMebibyte() {
        JsonNode user = JSON.readTree(rows(Queries.users("id=eq.1004&select=posts(content)"), RowForm.JSON)
                .get(0));
        assertThat(user.get("posts").size()).isEqualTo(3);
        expectRest(user, 1004, 5);
        JsonNode small = JSON.readTree(rows(Queries.users("id=eq.1004&select=posts(title)"), RowForm.JSON)
                .get(0));
        assertThat(small.get("posts").size()).isEqualTo(5);
        assertThat(small.has("posts_next")).isFalse();
    }

    /** The address of the rest is a list of this service. */
    private static void expectRest(JsonNode user, long id, int all) {
        String next = user.get("posts_next").asString();
        assertThat(next).startsWith("/posts?");
        List<String> rest = rows(Queries.posts(next.substring("/posts?".length())), RowForm.JSON);
        assertThat(user.get("posts").size() + rest.size()).isEqualTo(all);
        assertThat(JSON.readTree(rest.get(0)).get("user_id").asLong()).isEqualTo(id);
    }

    @Test
    void aPageIsCutAfterTheRowAtWhichTheTextsExceedTheBytes() {
        ListQuery posts = Queries.posts("user_id=eq.1004&select=id,content");
        assertThat(run(posts, RowForm.JSON, 100, 0)).hasSize(1);
        assertThat(run(posts, RowForm.JSON, 100, 399_999)).hasSize(1);
        assertThat(run(posts, RowForm.JSON, 100, 400_000)).hasSize(2);
        assertThat(run(posts, RowForm.CSV, 100, 1_200_000)).hasSize(4);
        assertThat(run(posts, RowForm.CSV, 100, Integer.MAX_VALUE)).hasSize(5);
        assertThat(database.run(posts.rowsAndTotal(RowForm.CSV, null, 100, 0)).get(0))
                .endsWith("5")
                .hasSize(3);
        assertThat(run(Queries.posts("user_id=eq.1004&select=id,title"), RowForm.JSON, 100, 100))
                .as("contents that are not selected do not count")
                .hasSize(5);
    }

    @Test
    void embeddedTextsCountForTheBytesToo() {
        ListQuery users = Queries.users("id=gte.1003&select=id,posts(content)&order=id.desc");
        assertThat(run(users, RowForm.JSON, 100, 1_000_000)).hasSize(1);
        assertThat(run(users, RowForm.JSON, 100, 1_200_000)).hasSize(2);
        ListQuery authors = Queries.posts("user_id=eq.1003&select=author(name,email)");
        assertThat(run(authors, RowForm.JSON, 100, 79)).hasSize(10);
        assertThat(run(authors, RowForm.JSON, 100, 80)).hasSize(11);
        assertThat(run(Queries.posts("user_id=eq.1003&select=author(id)"), RowForm.JSON, 100, 0))
                .hasSize(100);
    }

    private static List<String> rows(ListQuery query, RowForm form) {
        return run(query, form, query.pageLimit(), Integer.MAX_VALUE);
    }

    private static List<String> run(ListQuery query, RowForm form, int rows, int bytes) {
        return database.run(query.rows(form, null, rows, bytes)).stream()
                .map(row -> row.get(0))
                .toList();
    }

    /** A record of RFC 4180, read by its grammar; a field of nothing is null. */
    private static List<String> record(String line) {
        List<String> fields = new ArrayList<>();
        int at = 0;
        while (true) {
            if (at < line.length() && line.charAt(at) == '"') {
                StringBuilder field = new StringBuilder();
                for (at++; line.charAt(at) != '"' || line.startsWith("\"\"", at); at++) {
                    field.append(line.charAt(at));
                    at += line.charAt(at) == '"' ? 1 : 0;
                }
                at++;
                fields.add(field.toString());
            } else {
                int end = line.indexOf(',', at) < 0 ? line.length() : line.indexOf(',', at);
                fields.add(end == at ? null : line.substring(at, end));
                at = end;
            }
            if (at == line.length()) {
                return fields;
            }
            assertThat(line.charAt(at)).isEqualTo(',');
            at++;
        }
    }

    @Test
    void theReaderOfCsvOfThisTestReadsCsv() {
        Map.of(
                        "1,\"a\"\"b,c\",,\"\"", java.util.Arrays.asList("1", "a\"b,c", null, ""),
                        "\"x\ny\",2,", java.util.Arrays.asList("x\ny", "2", null))
                .forEach((line, fields) -> assertThat(record(line)).isEqualTo(fields));
    }
}
