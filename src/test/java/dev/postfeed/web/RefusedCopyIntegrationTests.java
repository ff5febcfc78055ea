package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** A server that takes no COPY, though nothing is to be seen that speaks against it. In a service of its own, which does not forget. */
@PostfeedTest
@TestPropertySource(properties = "postfeed.pool.size=4")
class RefusedCopyIntegrationTests extends LinesFixture {

    private static final int LINES = 20_000;

    @Test
    void linesAreInsertedAndCopyIsNotTriedAgain() throws Exception {
        sql.run("create sequence copies");
        sql.run("create sequence inserts");
        sql.run("create function refuse() returns trigger language plpgsql as 'begin"
                + " if current_query() like ''copy %'' then"
                + " perform nextval(''copies''); raise exception using errcode = ''0A000'';"
                + " elsif current_query() like ''insert %'' then perform nextval(''inserts''); end if;"
                + " return null; end'");
        sql.run("create trigger refuse after insert on posts for each statement execute function refuse()");
        assertStored(upload(LINES, i -> user).get());
        long refused = drawn("copies");
        assertThat(refused).isBetween(1L, 3L);
        anotherTitle();
        assertStored(upload(LINES, i -> user).get());
        assertThat(drawn("copies")).isEqualTo(refused);
        assertThat(drawn("inserts")).isPositive();
    }

    private void assertStored(List<JsonNode> lines) {
        assertThat(lines).hasSize(LINES);
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.path("status").asInt()).isEqualTo(201));
        assertThat(stored()).isEqualTo(LINES);
    }

    private long drawn(String sequence) {
        return sql.number("select case when is_called then last_value else 0 end from " + sequence);
    }
}
