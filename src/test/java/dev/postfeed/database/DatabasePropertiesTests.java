package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabasePropertiesTests {

    private static final String POOLER = "postgresql://ada:secret@pooler:6432/blog";
    private static final String SERVER = "postgresql://ada:secret@server:5432/blog";

    private static DatabaseProperties of(String url, String direct) {
        return new DatabaseProperties(url, null, null, null, null, null, direct);
    }

    @Test
    void aDirectUrlMakesTheOtherAPooler() {
        DatabaseProperties properties = of(POOLER, " " + SERVER + " ");
        assertThat(properties.resolve().hosts()).asString().isEqualTo("[pooler:6432]");
        assertThat(properties.resolve().pooled()).isTrue();
        assertThat(properties.direct().hosts()).asString().isEqualTo("[server:5432]");
        assertThat(properties.direct().pooled()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", POOLER, POOLER + "?application_name=feed"})
    void withoutAnotherHostNothingIsInBetween(String direct) {
        DatabaseProperties properties = of(POOLER, direct);
        assertThat(properties.resolve().pooled()).isFalse();
        assertThat(properties.direct().hosts()).isEqualTo(properties.resolve().hosts());
        assertThat(properties.embedded()).isFalse();
    }

    @Test
    void aPoolerMayBeNamedInParts() {
        DatabaseProperties properties = new DatabaseProperties(null, null, null, "pooler", "6432", null, SERVER);
        assertThat(properties.resolve().pooled()).isTrue();
    }

    @Test
    void aDirectUrlAloneIsRefused() {
        DatabaseProperties properties = of("", SERVER);
        assertThat(properties.embedded()).isFalse();
        assertThatThrownBy(properties::resolve)
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage("DATABASE_DIRECT_URL=postgresql://ada@server:5432/blog: is the way past a pooler, and"
                        + " DATABASE_URL must name the pooler");
    }

    @Test
    void aDirectUrlThatIsNoneIsNamed() {
        assertThatThrownBy(of(POOLER, "mysql://u:canary@h/db")::resolve)
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("DATABASE_DIRECT_URL=mysql://***@h/db: must be postgresql://");
    }
}
