package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedQueryTests {

    /** A row of which nothing is asked that needs PostgreSQL. */
    private record PlainRow(long id, @Nullable Long userId, boolean contentIsNull) implements FeedRow {

        @Override
        public @Nullable Boolean holds(Probe probe) {
            throw new AssertionError(probe.toString());
        }
    }

    private static FeedQuery query(String queryString) {
        return FeedQuery.of(Queries.parse(queryString));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Filter | id 5 of user 7 | id 5 of nobody, without content
                "id=eq.5                    | true  | true",
                "id=eq.4                    | false | false",
                "id=neq.5                   | false | false",
                "id=neq.4                   | true  | true",
                "id=gt.4                    | true  | true",
                "id=gt.5                    | false | false",
                "id=gte.5                   | true  | true",
                "id=gte.6                   | false | false",
                "id=lt.6                    | true  | true",
                "id=lt.5                    | false | false",
                "id=lte.5                   | true  | true",
                "id=lte.4                   | false | false",
                "id=in.(4,5)                | true  | true",
                "id=in.(4,6)                | false | false",
                "id=not.in.(4,6)            | true  | true",
                "id=gt.-9223372036854775808 | true  | true",
                "id=lt.9223372036854775807  | true  | true",
                "user_id=eq.7               | true  | false",
                "user_id=not.eq.7           | false | false",
                "user_id=neq.8              | true  | false",
                "user_id=not.neq.8          | false | false",
                "user_id=gt.6               | true  | false",
                "user_id=not.gt.7           | true  | false",
                "user_id=in.(6,7)           | true  | false",
                "user_id=not.in.(6,8)       | true  | false",
                "user_id=in.()              | false | false",
                "user_id=not.in.()          | true  | true",
                "user_id=is.null            | false | true",
                "user_id=not.is.null        | true  | false",
                "user_id=is.not_null        | true  | false",
                "content=is.null            | false | true",
                "content=is.not_null        | true  | false",
                "title=is.null              | false | false",
                "title=not.is.null          | true  | true",
                "created_at=is.null         | false | false",
                "id=is.not_null             | true  | true",
                "id=gt.4&user_id=eq.7       | true  | false",
                "id=gt.4&id=lt.5            | false | false",
                "or=(id.eq.4,user_id.eq.7)  | true  | false",
                "or=(user_id.eq.7,id.eq.5)  | true  | true",
                "not.or=(id.eq.4,user_id.eq.7)  | false | false",
                "not.or=(id.eq.4,user_id.eq.8)  | true  | false",
                "and=(user_id.eq.7,id.eq.5)     | true  | false",
                "not.and=(user_id.eq.7,id.eq.5) | false | false",
                "not.and=(user_id.eq.7,id.eq.4) | true  | true",
                "not.and=(id.eq.4,user_id.eq.7) | true  | true",
                "not.and=(user_id.eq.8)         | true  | false",
                "or=(not.and(user_id.eq.7,id.lt.9),id.eq.4) | false | false",
                "or=(not.and(user_id.eq.8,id.lt.9),id.eq.4) | true | false",
            })
    void integersAndNullsAreDecidedInJava(String queryString, boolean ofUser, boolean ofNobody) {
        FeedQuery query = query(queryString);
        assertThat(query.probes()).isEmpty();
        assertThat(query.isEmpty()).isFalse();
        assertThat(query.matches(new PlainRow(5, 7L, false))).isEqualTo(ofUser);
        assertThat(query.matches(new PlainRow(5, null, true))).isEqualTo(ofNobody);
    }

    @Test
    void withoutFiltersEveryRowMatches() {
        FeedQuery query = query("");
        assertThat(query.isEmpty()).isTrue();
        assertThat(query.probes()).isEmpty();
        assertThat(query.matches(new PlainRow(1, null, true))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"true,true,false", "false,false,true", ",false,false"})
    void whatAProbeFoundCountsAsItIs(@Nullable Boolean found, boolean matches, boolean matchesNot) {
        FeedRow row = new FeedRow() {
            @Override
            public long id() {
                return 1;
            }

            @Override
            public @Nullable Long userId() {
                return null;
            }

            @Override
            public boolean contentIsNull() {
                return false;
            }

            @Override
            public @Nullable Boolean holds(Probe probe) {
                return found;
            }
        };
        assertThat(query("content=ilike.*java*").matches(row)).isEqualTo(matches);
        assertThat(query("content=not.ilike.*java*").matches(row)).isEqualTo(matchesNot);
        assertThat(query("or=(content.eq.a,id.eq.1)").matches(row)).isTrue();
        assertThat(query("and=(content.eq.a,id.eq.2)").matches(row)).isFalse();
        assertThat(query("not.and=(content.eq.a,id.eq.2)").matches(row)).isTrue();
        assertThat(query("not.or=(content.eq.a,id.eq.1)").matches(row)).isFalse();
    }

    @Test
    void textsAndTimesAreProbesEachOnce() {
        for (String operator : List.of("eq", "neq", "gt", "gte", "lt", "lte", "like", "ilike")) {
            assertThat(query("title=" + operator + ".a").probes()).hasSize(1);
        }
        assertThat(query("title=in.()").probes()).hasSize(1);
        assertThat(query("created_at=lt.infinity").probes()).hasSize(1);
        assertThat(query("title=not.eq.a&or=(title.eq.a,content.eq.a,id.eq.1)&title=eq.b&content=eq.a")
                        .probes())
                .hasSize(3);
        assertThat(query("title=not.like.*a").probes())
                .isEqualTo(query("title=like.%25a").probes());
        assertThat(query("title=in.(%22a,b%22)").probes())
                .isNotEqualTo(query("title=in.(a,b)").probes());
    }

    @Test
    void probesAreAskedTogether() {
        List<Probe> all = new ArrayList<>(
                query("title=eq.a&title=lt.z&title=eq.b&content=eq.a").probes());
        Probes probes = Probes.of(List.of(all.get(3), all.get(0), all.get(1), all.get(2), all.get(0)));
        assertThat(probes.covers(Set.copyOf(all))).isTrue();
        assertThat(probes.covers(Set.of())).isTrue();
        assertThat(probes.covers(query("title=eq.c").probes())).isFalse();
        assertThat(Probes.NONE.covers(Set.of())).isTrue();
        assertThat(Probes.NONE.covers(Set.copyOf(all))).isFalse();
        // Those of a column and operator come together.
        String marks = "tfnt";
        assertThat(probes.result(marks, all.get(3))).isTrue();
        assertThat(probes.result(marks, all.get(0))).isFalse();
        assertThat(probes.result(marks, all.get(2))).isNull();
        assertThat(probes.result(marks, all.get(1))).isTrue();
        Probe another = query("title=eq.c").probes().iterator().next();
        assertThatThrownBy(() -> probes.result(marks, another)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> probes.result("", all.get(0))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> probes.result("?fnt", all.get(3))).isInstanceOf(IllegalArgumentException.class);
    }

    /** The server and the driver keep each statement that they prepared. */
    @Test
    void theStatementIsTheSameHoweverManyProbesAskTheSame() {
        SqlStatement one = read(query("title=ilike.a*&content=in.(a)"));
        SqlStatement many = read(query("title=ilike.b*&title=ilike.c*&content=in.(a,b)&content=in.()"));
        assertThat(many.sql()).isEqualTo(one.sql());
        assertThat(many.binds()).hasSameSizeAs(one.binds());
    }

    private static SqlStatement read(FeedQuery query) {
        return FeedRows.read(List.of(new IdRange(1, 9)), 10, 1000, Probes.of(query.probes()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"order", "select", "limit", "cursor", "last_event_id", "lastEventId", "x", "", "ID", "name"})
    void whatIsNoFilterIsRefused(String name) {
        assertThatThrownBy(() -> FeedQuery.of(Map.of(name, List.of("id"))))
                .isInstanceOfSatisfying(
                        InvalidParameterException.class,
                        e -> assertThat(e.parameter()).isEqualTo(name))
                .hasMessage("is an unknown parameter, allowed are id, title, content, user_id, created_at, and, or,"
                        + " not.and, not.or, last_event_id, lastEventId");
    }

    @Test
    void filtersAreRefusedAsThoseOfAList() {
        for (String queryString : List.of("id=eq.x", "user_id=like.1", "or=(id.eq.1", "title=eq", "id")) {
            assertThatThrownBy(() -> query(queryString))
                    .as(queryString)
                    .isInstanceOf(InvalidParameterException.class)
                    .satisfies(e ->
                            assertThatThrownBy(() -> Queries.posts(queryString)).hasMessage(e.getMessage()));
        }
        Map<String, List<String>> conditions = Map.of("id", Collections.nCopies(101, "gt.0"));
        assertThatThrownBy(() -> FeedQuery.of(conditions)).hasMessageContaining("100 conditions");
    }

    @Test
    void noValueIsInAStatement() {
        FeedQuery query = query("title=ilike.*secret*&user_id=eq.424242&content=in.(secret)");
        List<IdRange> ranges = List.of(new IdRange(313131, 323232));
        assertThat(query.rows(ranges, 434343, 454545).sql()).doesNotContain("secret", "42", "31", "43", "45");
        assertThat(FeedRows.read(ranges, 434343, 454545, Probes.of(query.probes()))
                        .sql())
                .doesNotContain("secret", "31", "43", "45");
    }

    @Test
    void aRangeHasAnId() {
        assertThat(new IdRange(1, 1).last()).isEqualTo(1);
        assertThatThrownBy(() -> new IdRange(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new IdRange(2, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
