package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListQueryTests {

    private static final Position POSITION = new Position(List.of("42"), 100);

    @Test
    void aPageHasAHundredRowsUnlessGiven() {
        assertThat(Queries.posts("").pageLimit()).isEqualTo(100);
        assertThat(Queries.posts("limit=1").pageLimit()).isEqualTo(1);
        assertThat(Queries.posts("limit=1000").pageLimit()).isEqualTo(1000);
        for (String limit : List.of("1001", "4294967297", "9223372036854775807")) {
            assertThatThrownBy(() -> Queries.posts("limit=" + limit).pageLimit())
                    .isInstanceOf(InvalidParameterException.class)
                    .hasMessage("must be an integer from 1 to 1000");
        }
    }

    @Test
    void aStreamHasAllRowsUnlessGiven() {
        assertThat(Queries.posts("").streamLimit()).isEqualTo(Long.MAX_VALUE);
        assertThat(Queries.posts("limit=1001").streamLimit()).isEqualTo(1001);
        assertThat(Queries.posts("limit=9223372036854775807").streamLimit()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "-1", "+1", "01", "1.0", "1e3", "\u0663", "9223372036854775808", " 1", "all", "1\u0000"
            })
    void aLimitIsAnInteger(String limit) {
        Faults.expect(Table.POSTS, "limit", limit, "must be an integer from 1 to 9223372036854775807");
    }

    @Test
    void whatIsUnknownIsRefused() {
        Faults.expect(
                Table.POSTS,
                "name",
                "eq.a",
                "is an unknown parameter, allowed are id, title, content, user_id, created_at, and, or, not.and, not.or,"
                        + " order, select, limit, cursor");
        for (String name : List.of(
                "title", "", " id", "ID", "not.id", "author.name", "posts", "offset", "not.not.or", "columns")) {
            Faults.expect(Table.USERS, name, "eq.1", "is an unknown parameter");
        }
    }

    @Test
    void whatMakesNoSenseTwiceIsRefusedTwice() {
        Map.of("limit", "1", "order", "id", "select", "id", "cursor", "x")
                .forEach((name, value) -> Faults.expect(
                        Table.POSTS, Map.of(name, List.of(value, value)), name, "may be given once only"));
    }

    @Test
    void aNameWithoutAValueIsRefused() {
        for (String name : List.of("id", "or", "limit", "order", "select", "cursor")) {
            Faults.expect(Table.POSTS, Map.of(name, Collections.singletonList(null)), name);
        }
    }

    @Test
    void theNextPageIsTheClientsOwnQueryWithAnotherCursor() {
        ListQuery query = Queries.posts("title=eq.%22a%26b%3D%2B%23%25%22&or=(id.lt.5,id.gt.7)&id=gt.1&id=lt.9"
                + "&order=id&select=id,author(name)&limit=7&title=neq.%C3%BC%F0%9F%98%80;'%3C%3E");
        String next = query.next(POSITION);
        assertThat(next)
                .startsWith("title=eq.%22a%26b%3D%2B%23%25%22&title=neq.%C3%BC%F0%9F%98%80%3B%27%3C%3E"
                        + "&or=(id.lt.5,id.gt.7)&id=gt.1&id=lt.9&order=id&select=id,author(name)&limit=7&cursor=");
        ListQuery second = Queries.posts(next);
        assertThat(second.start()).isEqualTo(POSITION);
        assertThat(second.pageLimit()).isEqualTo(7);
        String third = second.next(new Position(List.of("43"), 200));
        assertThat(third).hasSameSizeAs(next).isNotEqualTo(next);
        assertThat(Queries.posts(third).start()).isEqualTo(new Position(List.of("43"), 200));
    }

    @Test
    void aCursorIsOfOneListAndOrderAndOfTheSameFilters() {
        String cursor = "&"
                + Queries.posts("id=gt.1&title=eq.a&order=id.asc")
                        .next(POSITION)
                        .replaceFirst(".*&", "");
        for (String same : List.of(
                "id=gt.1&title=eq.a",
                "title=eq.a&id=gt.01&order=id,title",
                "id=gt.1&title=eq.a&limit=7" + "&select=title&order=title,id.asc.nullsfirst")) {
            assertThat(Queries.posts(same + cursor).start()).as(same).isEqualTo(POSITION);
        }
        for (String other : List.of(
                "",
                "id=gt.1",
                "id=gt.2&title=eq.a",
                "id=gte.1&title=eq.a",
                "id=not.gt.1&title=eq.a",
                "id=gt.1&title=eq.a&order=id.desc",
                "id=gt.1&title=eq.b",
                "or=(id.gt.1,title.eq.a)",
                "id=gt.1&title=eq.a&title=eq.a",
                "title=in.(a)&id=gt.1")) {
            assertThatThrownBy(() -> Queries.posts((other + cursor).replaceFirst("^&", "")))
                    .as(other)
                    .isInstanceOf(InvalidParameterException.class)
                    .hasMessageContaining("is not a cursor of this list");
        }
    }

    @Test
    void valuesWithCommasAreNotTwoValues() {
        String cursor =
                "&" + Queries.posts("title=in.(%22a,b%22)").next(POSITION).replaceFirst(".*&", "");
        assertThat(Queries.posts("title=in.(%22a,b%22)" + cursor).start()).isEqualTo(POSITION);
        assertThatThrownBy(() -> Queries.posts("title=in.(a,b)" + cursor))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void aCursorOfOneUserIsOfThatUser() {
        ListQuery one = ListQuery.ofUser("/users/1/posts", 1, Queries.parse("limit=2"));
        String next = one.next(POSITION);
        assertThat(next).startsWith("limit=2&cursor=").doesNotContain("user_id");
        assertThat(ListQuery.ofUser("/users/1/posts", 1, Queries.parse(next)).start())
                .isEqualTo(POSITION);
        assertThatThrownBy(() -> ListQuery.ofUser("/users/2/posts", 2, Queries.parse(next)))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> Queries.posts("user_id=eq.1&" + next)).isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void aPositionKeepsNulls() {
        ListQuery query = Queries.posts("order=user_id");
        assertThat(query.keyColumns()).isEqualTo(2);
        Position position = new Position(Arrays.asList(null, "7"), 3);
        assertThat(Queries.posts(query.next(position)).start()).isEqualTo(position);
    }

    @Test
    void theCallersMapIsNotKept() {
        Map<String, List<String>> parameters = Queries.parse("id=gt.1");
        ListQuery query = ListQuery.of(Table.POSTS, "/posts", parameters);
        parameters.get("id").add("lt.9");
        parameters.put("limit", List.of("7"));
        assertThat(query.next(POSITION)).startsWith("id=gt.1&cursor=");
    }

    @Test
    void theFeedOfAListHasItsFiltersAndNothingElse() {
        ListQuery query =
                Queries.posts("title=ilike.*j%26va*&order=id.desc&or=(id.lt.5,not.and(id.gt.7,title.eq.%22a,b%22))"
                        + "&id=gt.1&id=lt.9&select=id&limit=7&not.and=(user_id.eq.1)");
        String feed = query.feed("1057-1043.1045_1047");
        assertThat(feed)
                .isEqualTo("title=ilike.*j%26va*&or=(id.lt.5,not.and(id.gt.7,title.eq.%22a,b%22))&id=gt.1&id=lt.9"
                        + "&not.and=(user_id.eq.1)&last_event_id=1057-1043.1045_1047");
        String next = Queries.posts("id=gt.1&order=id.desc").next(POSITION);
        assertThat(Queries.posts(next).feed("42")).isEqualTo("id=gt.1&last_event_id=42");
        assertThat(Queries.posts("").feed("0")).isEqualTo("last_event_id=0");
        Map<String, List<String>> parameters = Queries.parse(feed);
        parameters.remove("last_event_id");
        assertThat(FeedQuery.of(parameters).isEmpty()).isFalse();
    }

    @Test
    void theFeedOfAUsersPostsIsOfThatUser() {
        ListQuery query = ListQuery.ofUser("/users/7/posts", 7, Queries.parse("user_id=gt.5&id=gt.1&limit=2"));
        assertThat(query.feed("42")).isEqualTo("user_id=eq.7&user_id=gt.5&id=gt.1&last_event_id=42");
        assertThat(ListQuery.ofUser("/users/7/posts", 7, Map.of()).feed("42"))
                .isEqualTo("user_id=eq.7&last_event_id=42");
    }

    /** Otherwise the feed of the list would have one too many. */
    @Test
    void theUserOfAListIsOneOfItsConditions() {
        Map<String, List<String>> most = Map.of("id", Collections.nCopies(99, "gt.0"));
        ListQuery.ofUser("/users/7/posts", 7, most);
        Map<String, List<String>> tooMany = Map.of("id", Collections.nCopies(100, "gt.0"));
        ListQuery.of(Table.POSTS, "/posts", tooMany);
        assertThatThrownBy(() -> ListQuery.ofUser("/users/7/posts", 7, tooMany))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("100 conditions");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                | true",
                "order=id.desc                   | true",
                "id=gt.7&order=id                | true",
                "id=gt.7&id=lt.9&order=id        | true",
                "order=created_at.desc           | true",
                "created_at=lt.2026-11-22&order=created_at.desc | true",
                "user_id=eq.7                    | true",
                "user_id=eq.7&id=gt.9            | true",
                "user_id=eq.7&id=lt.9            | false",
                "user_id=eq.7&id=lt.9&order=id.desc | true",
                "user_id=is.null&order=id.desc   | true",
                "created_at=lt.2026-11-22        | false",
                "user_id=gt.7                    | false",
                "title=eq.x                      | false",
                "user_id=eq.7&title=eq.x         | false",
                "order=title                     | false",
                "order=created_at,id.desc        | false",
                "id=neq.7                        | false",
                "id=not.gt.7                     | false",
                "id=in.(7,8)                     | false",
                "or=(id.eq.7,id.eq.8)            | false",
                "select=id,author(name)          | false",
            })
    void goesTogetherWithOthersWhereItIsReadOffAnIndex(String queryString, boolean together) {
        ListQuery query = Queries.posts(queryString == null ? "" : queryString);
        assertThat(query.shortRows(null, 10) != null).isEqualTo(together);
    }

    @Test
    void statementsOfOneTextAreOne() {
        SqlStatement one = Queries.posts("id=gt.7&order=id").shortRows(null, 10);
        SqlStatement other = Queries.posts("id=gt.8&order=id").shortRows(null, 10);
        assertThat(one.sql()).isEqualTo(other.sql());
        SqlStatement both = SqlStatement.together(List.of(one, other));
        assertThat(both.binds()).hasSize(1);
        assertThat((Object[]) both.binds().get(0)).containsExactly(7L, 8L);
        assertThat(both.sql())
                .startsWith("select r.n, page.* from unnest($1::bigint[]) with ordinality r(b1, n)"
                        + " cross join lateral (select p.id as id, ")
                .contains(" where t.id > r.b1 ")
                .endsWith(") page order by r.n, page.place");
    }

    @Test
    void ofATextThatIsOrderedByOnlyTheKeyIsRead() {
        assertThat(Queries.posts("select=id&order=content").plainRows(null, 10).sql())
                .contains("left(p.content, 500) as content");
        assertThat(Queries.posts("select=content&order=content")
                        .plainRows(null, 10)
                        .sql())
                .contains("select p.content as content, p.id as id from");
    }
}
