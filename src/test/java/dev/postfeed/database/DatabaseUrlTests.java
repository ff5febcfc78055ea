package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.postfeed.database.DatabaseUrl.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
            postgresql://ada:secret@db.example.com:6543/blog | ada      | secret   | [db.example.com:6543]        | blog
            postgres://ada:secret@db.example.com/blog        | ada      | secret   | [db.example.com:5432]        | blog
            postgresql://                                    | postgres | ''       | [localhost:5432]             | postgres
            postgresql:///blog                               | postgres | ''       | [localhost:5432]             | blog
            postgresql://h                                   | postgres | ''       | [h:5432]                     | postgres
            postgresql://h/                                  | postgres | ''       | [h:5432]                     | postgres
            postgresql://h:/blog                             | postgres | ''       | [h:5432]                     | blog
            postgresql://ada@h/blog                          | ada      | ''       | [h:5432]                     | blog
            postgresql://ada:@h/blog                         | ada      | ''       | [h:5432]                     | blog
            postgresql://:secret@h/blog                      | postgres | secret   | [h:5432]                     | blog
            postgresql://ada:a:b@h/blog                      | ada      | a:b      | [h:5432]                     | blog
            postgresql://ada@:6543/blog                      | ada      | ''       | [localhost:6543]             | blog
            postgresql://[::1]:6543/blog                     | postgres | ''       | [[::1]:6543]                 | blog
            postgresql://[fe80::1]/blog                      | postgres | ''       | [[fe80::1]:5432]             | blog
            postgresql://h1:1,h2:65535/blog                  | postgres | ''       | [h1:1, h2:65535]             | blog
            postgresql://h1,[::1]:2,/blog                    | postgres | ''       | [h1:5432, [::1]:2, localhost:5432] | blog
            postgresql://a%40b:p%3A%2F%3F%40%25@h/b%20g      | a@b      | p:/?@%   | [h:5432]                     | b g
            postgresql://ada:1+1%2B1@h/a+b                   | ada      | 1+1+1    | [h:5432]                     | a+b
            postgresql://%C3%BC:%E2%82%AC@h/%C3%9F           | ü        | €        | [h:5432]                     | ß
            """)
    void readsAUrlAsLibpqDoes(String url, String username, String password, String hosts, String database) {
        DatabaseUrl parsed = DatabaseUrl.parse(url);
        assertThat(parsed.username()).isEqualTo(username);
        assertThat(parsed.password()).isEqualTo(password);
        assertThat(parsed.hosts()).asString().isEqualTo(hosts);
        assertThat(parsed.database()).isEqualTo(database);
        assertThat(parsed.options()).isEmpty();
    }

    @Test
    void keepsAnIpv6AddressWithoutItsBrackets() {
        assertThat(DatabaseUrl.parse("postgresql://[2001:db8::7]/blog").hosts())
                .containsExactly(new Host("2001:db8::7", 5432));
    }

    @Test
    void readsOptions(@TempDir Path directory) throws IOException {
        Path certificate = Files.createFile(directory.resolve("my ca.pem"));
        String url = "postgresql://h/db?sslmode=verify-full&sslrootcert=" + directory + "/my%20ca.pem&connect_timeout=9"
                + "&target_session_attrs=primary&application_name=a+b&options=-c%20search_path=blog";
        assertThat(DatabaseUrl.parse(url).options())
                .containsOnly(
                        entry(DatabaseOption.SSLMODE, "verify-full"),
                        entry(DatabaseOption.SSLROOTCERT, certificate.toString()),
                        entry(DatabaseOption.CONNECT_TIMEOUT, "9"),
                        entry(DatabaseOption.TARGET_SESSION_ATTRS, "primary"),
                        entry(DatabaseOption.APPLICATION_NAME, "a+b"),
                        entry(DatabaseOption.OPTIONS, "-c search_path=blog"));
    }

    @Test
    void writesAJdbcUrlWithoutUserAndPassword() {
        assertThat(DatabaseUrl.parse("postgresql://ada:secret@h:6543/my%20db").jdbcUrl())
                .isEqualTo("jdbc:postgresql://h:6543/my%20db"
                        + "?ApplicationName=postfeed-liquibase&connectTimeout=2&tcpKeepAlive=true");
    }

    @Test
    void writesTheOptionsOfAUrlIntoItsJdbcUrl(@TempDir Path directory) throws IOException {
        Files.createFile(directory.resolve("a&b"));
        String url = "postgresql://h1:1,[::1]:2/db?sslmode=verify-ca&sslrootcert=" + directory
                + "/a%26b&connect_timeout=9"
                + "&application_name=mine&options=-c%20search_path=blog";
        assertThat(DatabaseUrl.parse(url).jdbcUrl())
                .startsWith("jdbc:postgresql://h1:1,[::1]:2/db?")
                .contains(
                        "targetServerType=primary",
                        "sslmode=verify-ca",
                        "%2Fa%26b",
                        "connectTimeout=9",
                        "ApplicationName=mine",
                        "options=-c%20search_path%3Dblog")
                .doesNotContain("connectTimeout=2", "postfeed-liquibase");
    }

    @ParameterizedTest
    @CsvSource({
        "h, false",
        "'h1,h2', true",
        "h?target_session_attrs=read-write, true",
        "h?target_session_attrs=primary, true",
        "h?target_session_attrs=any, false",
        "'h1,h2/db?target_session_attrs=any', false"
    })
    void wantsAHostThatTakesWritesWhereThereAreSeveralOrItIsSaid(String rest, boolean wanted) {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://" + rest);
        assertThat(url.needsWritableHost()).isEqualTo(wanted);
        assertThat(url.jdbcUrl().contains("targetServerType=primary")).isEqualTo(wanted);
        assertThat(url.eachHost())
                .hasSameSizeAs(url.hosts())
                .allSatisfy(host -> assertThat(host.needsWritableHost()).isEqualTo(wanted));
    }

    @Test
    void leavesThePasswordOutOfItsText() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://a%40b:canary@[::1]:6543/my%20db?sslmode=require");
        assertThat(url).hasToString("postgresql://a%40b@[::1]:6543/my%20db");
        assertThat(DatabaseUrl.of("h", 1, "ada", "canary", "db", Map.of())).hasToString("postgresql://ada@h:1/db");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            postgresql://h:0/db                        | DATABASE_URL=postgresql://h:0/db: the port must be a whole number from 1 to 65535
            postgresql://u:canary@h1:1,h2:65536/db     | DATABASE_URL=postgresql://***@h1:1,h2:65536/db: the port must be a whole number from 1 to 65535
            postgresql://u:canary@h/db?pasword=canary  | DATABASE_URL=postgresql://***@h/db?...: unknown option 'pasword', allowed are sslmode, sslrootcert, sslcert, sslkey, application_name, connect_timeout, target_session_attrs, options
            postgresql://u:canary@h/db?connect_timeout=0 | DATABASE_URL=postgresql://***@h/db?...: option connect_timeout=0 must be a number of seconds from 1 to 9999
            postgresql://u:canary@h/db?options=work_mem | DATABASE_URL=postgresql://***@h/db?...: option options=work_mem must be of the form -c name=value, and neither DateStyle nor client_encoding
            postgresql://u:canary@h/db?options=-c%20datestyle=German | DATABASE_URL=postgresql://***@h/db?...: option options=-c datestyle=German must be of the form -c name=value, and neither DateStyle nor client_encoding
            postgresql://u:canary@h/db?options=-cclient_encoding=LATIN1 | DATABASE_URL=postgresql://***@h/db?...: option options=-cclient_encoding=LATIN1 must be of the form -c name=value, and neither DateStyle nor client_encoding
            postgresql://u:canary@h/db?sslrootcert=    | DATABASE_URL=postgresql://***@h/db?...: option sslrootcert= must be a file that can be read
            postgresql://u:canary@%2Ftmp/db            | DATABASE_URL=postgresql://***@%2Ftmp/db: the host must be a TCP host, not a Unix socket
            postgresql://u:canary@[::1/db              | DATABASE_URL=postgresql://***@[::1/db: host '[::1' must be host:port or [IPv6]:port
            postgresql://u:canary%@h/db                | DATABASE_URL=postgresql://***@h/db: a % must be followed by two hexadecimal digits
            postgresql://u:canary%00@h/db              | DATABASE_URL=postgresql://***@h/db: %00 is allowed nowhere
            """)
    void saysWhatIsWrong(String url, String message) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage(message)
                .hasNoCause();
    }

    /** Whichever way somebody gets a URL wrong, the password in it stays where it is. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://u:canary@y@h/db",
                "postgresql://u:canary/y@h/db",
                "postgresql://u:1234/canary@h/db",
                "postgresql://u:canary?y@h/db",
                "postgresql://u:1234?canary@h/db",
                "postgresql://u:y/canary?y@h/db",
                "postgresql://u:canary%zz@h/db",
                "postgresql://u:canary",
                "postgresql://u:canary/db",
                "postgresql://h:1,u:canary/db",
                "POSTGRESQL://u:canary@h/db",
                "postgresql+psycopg2://u:canary@h/db",
                "jdbc:postgresql://h/db?user=u&password=canary",
                "jdbc:postgresql://u:canary@h/db",
                "host=h user=u password=canary dbname=db",
                "u:canary@h",
                "u:canary",
                "canary",
                "postgresql://u:canary@h:port/db",
                "postgresql://u@h/db?password=canary",
                "postgresql://u@h/db?sslmode=require&password=canary"
            })
    void tellsThePasswordOfABadUrlToNobody(String url) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("DATABASE_URL=")
                .hasMessageNotContaining("canary")
                .hasNoCause();
    }
}
