package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id                              | t.id",
                "id.asc                          | t.id",
                "id.desc                         | t.id desc",
                "id.desc.nullslast               | t.id desc",
                "created_at                      | t.created_at, t.id",
                "created_at.desc                 | t.created_at desc, t.id desc",
                "created_at.desc,id              | t.created_at desc, t.id",
                "created_at.desc, id.asc         | t.created_at desc, t.id",
                "user_id                         | t.user_id, t.id",
                "user_id.nullslast               | t.user_id, t.id",
                "user_id.nullsfirst              | t.user_id nulls first, t.id",
                "user_id.desc                    | t.user_id desc, t.id desc",
                "user_id.desc.nullsfirst         | t.user_id desc, t.id desc",
                "user_id.desc.nullslast          | t.user_id desc nulls last, t.id desc",
                "title                           | left(t.title, 500), t.id",
                "content.desc,title              | left(t.content, 500) desc, left(t.title, 500), t.id",
                "id,title.desc,content           | t.id",
                "user_id,id.desc,title           | t.user_id, t.id desc",
            })
    void becomesATotalOrder(String text, String sql) {
        assertThat(Order.parse(Table.POSTS, text).sql("t")).isEqualTo(sql);
    }

    @Test
    void anEmailIsUnique() {
        assertThat(Order.parse(Table.USERS, "email.desc,name").sql("t")).isEqualTo("t.email desc");
        assertThat(Order.parse(Table.USERS, "name,email").sql("t")).isEqualTo("left(t.name, 500), t.email");
    }

    @Test
    void isByIdWhereNoneIsGiven() {
        assertThat(Order.parse(Table.USERS, null).sql("t")).isEqualTo("t.id");
    }

    @Test
    void columnsOfOneValueAreLeftOut() {
        Order order = Order.parse(Table.POSTS, "user_id.desc,created_at,title");
        Set<Column> constant = Set.of(Table.POSTS.column("user_id"), Table.POSTS.column("title"));
        assertThat(order.without(constant).sql("t")).isEqualTo("t.created_at, t.id");
        assertThat(order.without(Set.copyOf(Table.POSTS.columns())).sql("t")).isEqualTo("t.id");
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
                "id.",
                "id.up",
                "id.DESC",
                "id.descending",
                "id.asc.desc",
                "id.nullsfirst.desc",
                "id.nulls",
                "id.desc.nullsfirstly",
                "id desc",
                "id;",
                "id--",
                "(id)",
                "id,id.desc",
                "author(name)",
                "title.desc\u0000",
                "*",
                "\"id\"",
                "\u0131d",
                "left(title,1)"
            })
    void isRefused(String text) {
        Faults.expect(Table.POSTS, "order", text);
    }

    @Test
    void saysWhatIsAllowed() {
        Faults.expect(
                Table.USERS,
                "order",
                "id,title",
                "unknown column \"title\"",
                "allowed are id, name, email, created_at",
                "at character 4");
        Faults.expect(Table.USERS, "order", "id.up", ".asc and .desc", ".nullsfirst and .nullslast");
        Faults.expect(Table.USERS, "order", "name,name.desc", "has name twice");
    }
}
