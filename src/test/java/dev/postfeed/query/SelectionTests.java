package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POSTS | *                          | id title content user_id created_at",
                "POSTS | id                         | id",
                "POSTS | title,id                   | title id",
                "POSTS | ` title , id `             | title id",
                "POSTS | id,author(name)            | id author(name)",
                "POSTS | author(*)                  | author(id name email created_at)",
                "POSTS | users(email,id),*          | users(email id) id title content user_id created_at",
                "POSTS | author ( name , id ) ,id   | author(name id) id",
                "USERS | *                          | id name email created_at",
                "USERS | *,posts(title)             | id name email created_at posts(title)",
                "USERS | posts(*)                   | posts(id title content user_id created_at)",
            },
            quoteCharacter = '`')
    void isInTheOrderAskedFor(Table table, String text, String fields) {
        assertThat(Selection.parse(table, text).fields().stream()
                        .map(SelectionTests::format)
                        .collect(Collectors.joining(" ")))
                .isEqualTo(fields);
    }

    private static String format(Selected field) {
        return field instanceof Embedding embedding
                ? embedding.columns().stream()
                        .map(Column::name)
                        .collect(Collectors.joining(" ", embedding.name() + "(", ")"))
                : field.name();
    }

    @Test
    void isAllColumnsWhereNoneIsGiven() {
        assertThat(Selection.parse(Table.USERS, null)).isEqualTo(Selection.parse(Table.USERS, "*"));
    }

    @Test
    void namesTheFieldsOfCsv() {
        assertThat(Selection.parse(Table.POSTS, "users(id),title").csvHeader()).isEqualTo("users,title");
        assertThat(Selection.parse(Table.USERS, "posts(id),name").csvHeader()).isEqualTo("posts,name,posts_next");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "id,",
                ",id",
                "id,,title",
                "nope",
                "ID",
                "id title",
                "id;title",
                "id)",
                "(id)",
                "id()",
                "id(title)",
                "id,id",
                "*,id",
                "id,*",
                "*,*",
                "**",
                "author",
                "author(",
                "author()",
                "author( )",
                "author(name",
                "author(name))",
                "author(name,)",
                "author(name,name)",
                "author(*,id)",
                "author(nope)",
                "author(title)",
                "author(posts(id))",
                "author(author(id))",
                "author(name),author(email)",
                "author(name),users(email)",
                "author(name)id",
                "a:author(name)",
                "author!inner(name)",
                "...author(name)",
                "posts(id)",
                "title::text",
                "count()",
                "id.count()",
                "author(name)\u0000",
                "\"id\"",
                "author((name))"
            })
    void isRefused(String text) {
        Faults.expect(Table.POSTS, "select", text);
    }

    @Test
    void saysWhatIsAllowed() {
        Faults.expect(
                Table.POSTS,
                "select",
                "id,nope",
                "unknown column \"nope\"",
                "allowed are id, title, content, user_id, created_at, *, author(...)",
                "at character 4");
        Faults.expect(Table.POSTS, "select", "author(nope)", "allowed are id, name, email, created_at, *");
        Faults.expect(Table.POSTS, "select", "author,id", "needs ( at character 7");
        Faults.expect(Table.USERS, "select", "author(name)", "posts(...)");
    }

    @Test
    void aDeepOneIsNoDeepRecursion() {
        Faults.expect(Table.POSTS, "select", "author(".repeat(100_000));
        Faults.expect(Table.POSTS, "select", "(".repeat(100_000));
    }
}
