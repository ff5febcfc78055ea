package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedProcess;
import dev.postfeed.TestPostgres;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A start with a wrong setting ends with one line that names it, and with no password anywhere. */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class StartFailureIntegrationTests {

    @TempDir
    static Path certificates;

    static SecuredPostgres secured;

    @BeforeAll
    static void startServer() throws Exception {
        secured = SecuredPostgres.start(certificates);
    }

    @AfterAll
    static void stopServer() throws Exception {
        secured.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POSTFEED_POOL_SIZE         | 0       | POSTFEED_POOL_SIZE=0: must be a whole number from 1 to 1000
            POSTFEED_POOL_SIZE         | 1001    | POSTFEED_POOL_SIZE=1001: must be a whole number from 1 to 1000
            POSTFEED_POOL_SIZE         | abc     | POSTFEED_POOL_SIZE=abc: must be a whole number
            POSTFEED_POOL_MAX_OVERFLOW | -1      | POSTFEED_POOL_MAX_OVERFLOW=-1: must be a whole number from 0 to 1000
            POSTFEED_POOL_TIMEOUT      | -5      | POSTFEED_POOL_TIMEOUT=-5s: must be more than 0 seconds
            POSTFEED_POOL_TIMEOUT      | 0       | POSTFEED_POOL_TIMEOUT=0s: must be more than 0 seconds
            POSTFEED_POOL_TIMEOUT      | soon    | POSTFEED_POOL_TIMEOUT=soon: must be a number of seconds, or a number with a unit such as 500ms, 30s, 5m, 1h
            POSTFEED_POOL_RECYCLE      | -2      | POSTFEED_POOL_RECYCLE=-2s: must be more than 0 seconds, or -1 for never
            POSTFEED_POOL_PRE_PING     | perhaps | POSTFEED_POOL_PRE_PING=perhaps: must be true or false
            POSTFEED_POOL_MAX_WAITING  | -1      | POSTFEED_POOL_MAX_WAITING=-1: must be a whole number from 0 to 1000000
            """)
    void refusesABadPoolSetting(String setting, String value, String line, CapturedOutput output) {
        Map<String, String> settings = Map.of("DATABASE_URL", "postgresql://127.0.0.1:1/none", setting, value);
        assertThat(StartFailures.line(output, settings)).isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POSTGRES_PORT          | 99999                                   | POSTGRES_PORT=99999: the port must be a whole number from 1 to 65535
            POSTGRES_PORT          | 0                                       | POSTGRES_PORT=0: the port must be a whole number from 1 to 65535
            POSTGRES_PORT          | http                                    | POSTGRES_PORT=http: the port must be a whole number from 1 to 65535
            POSTFEED_EMBEDDED_PORT | 65536                                   | POSTFEED_EMBEDDED_PORT=65536: must be a whole number from 1 to 65535
            POSTFEED_EMBEDDED_PORT | five                                    | POSTFEED_EMBEDDED_PORT=five: must be a whole number
            DATABASE_URL           | postgresql://u:canary@h:99999/db        | DATABASE_URL=postgresql://***@h:99999/db: the port must be a whole number from 1 to 65535
            DATABASE_URL           | postgresql://u:canary@h/db?ssl=true     | DATABASE_URL=postgresql://***@h/db?...: unknown option 'ssl', allowed are sslmode, sslrootcert, sslcert, sslkey, application_name, connect_timeout, target_session_attrs, options
            DATABASE_URL           | postgresql://u:canary@h/db?sslmode=on   | DATABASE_URL=postgresql://***@h/db?...: option sslmode=on must be one of disable, allow, prefer, require, verify-ca, verify-full
            DATABASE_URL           | postgresql://u:canary@h/db?sslmode=verify-ca&sslrootcert=/none.pem | DATABASE_URL=postgresql://***@h/db?...: option sslrootcert=/none.pem must be a file that can be read
            POSTFEED_EMBEDDED_DATA_DIR | /                                   | POSTFEED_EMBEDDED_DATA_DIR=/: must be a directory below the root
            DATABASE_URL           | mysql://u:canary@h/db                   | DATABASE_URL=mysql://***@h/db: must be postgresql://user:password@host:port/dbname?options (percent-encode reserved characters in user and password)
            DATABASE_DIRECT_URL    | mysql://u:canary@h/db                   | DATABASE_DIRECT_URL=mysql://***@h/db: must be postgresql://user:password@host:port/dbname?options (percent-encode reserved characters in user and password)
            DATABASE_DIRECT_URL    | postgresql://u:canary@h/db              | DATABASE_DIRECT_URL=postgresql://u@h:5432/db: is the way past a pooler, and DATABASE_URL must name the pooler
            DATABASE_URL           | postgresql://u:canary@y@h/db            | DATABASE_URL=postgresql://***@h/db: must be postgresql://user:password@host:port/dbname?options (percent-encode reserved characters in user and password)
            DATABASE_URL           | postgresql://u:canary%4z@h/db           | DATABASE_URL=postgresql://***@h/db: a % must be followed by two hexadecimal digits
            """)
    void refusesABadAddress(String setting, String value, String line, CapturedOutput output) {
        assertThat(StartFailures.line(output, Map.of(setting, value))).isEqualTo(line);
        assertThat(output).doesNotContain("canary");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            postgresql://u:canary@h:99999/db | postgresql://***@h:99999/db: the port must be a whole number from 1 to 65535
            postgresql://u:canary@h/db?a=b   | postgresql://***@h/db?...: unknown option 'a', allowed are sslmode, sslrootcert, sslcert, sslkey, application_name, connect_timeout, target_session_attrs, options
            host=h password=canary           | ...: must be postgresql://user:password@host:port/dbname?options (percent-encode reserved characters in user and password)
            """)
    void refusesABadReplica(String value, String line, CapturedOutput output) {
        Map<String, String> settings =
                Map.of("DATABASE_URL", "postgresql://127.0.0.1:1/none", "POSTFEED_REPLICA_URL", value);
        assertThat(StartFailures.line(output, settings)).isEqualTo("POSTFEED_REPLICA_URL=" + line);
        assertThat(output).doesNotContain("canary");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            writer:canary-wrong@127.0.0.1:PORT/secured         | password | writer@127.0.0.1:PORT/secured
            nobody:canary-wrong@127.0.0.1:PORT/secured         | password | nobody@127.0.0.1:PORT/secured
            writer:PASSWORD@no-such-host.invalid:PORT/secured  | host     | writer@no-such-host.invalid:PORT/secured
            writer:PASSWORD@127.0.0.1:DEAD/secured             | host     | writer@127.0.0.1:DEAD/secured
            writer:PASSWORD@127.0.0.1:DEAD,127.0.0.1:DEAD/secured | host  | writer@127.0.0.1:DEAD,127.0.0.1:DEAD/secured
            writer:PASSWORD@127.0.0.1:PORT/no_such_database    | dbname   | writer@127.0.0.1:PORT/no_such_database
            tls_only:PASSWORD@127.0.0.1:PORT/secured?sslmode=disable | sslmode | tls_only@127.0.0.1:PORT/secured
            postgres:canary@127.0.0.1:PLAIN/postgres?sslmode=require | sslmode | postgres@127.0.0.1:PLAIN/postgres
            writer:PASSWORD@127.0.0.1:PORT/secured?sslmode=verify-full&sslrootcert=OTHER | sslmode | writer@127.0.0.1:PORT/secured
            writer:PASSWORD@localhost:PORT/secured?sslmode=verify-full&sslrootcert=OWN   | sslmode | writer@localhost:PORT/secured
            """)
    @Covers(Fault.SETTINGS_WRONG)
    void saysWhatOfAUrlTheDatabaseRefuses(String address, String part, String shown, CapturedOutput output) {
        int plain = URI.create(TestPostgres.newDatabase()).getPort();
        String dead = Integer.toString(PostfeedProcess.freePort());
        String port = Integer.toString(secured.port());
        String url = "postgresql://"
                + address.replace("PASSWORD", SecuredPostgres.ENCODED_PASSWORD)
                        .replace("PORT", port)
                        .replace("DEAD", dead)
                        .replace("PLAIN", Integer.toString(plain))
                        .replace("OTHER", secured.otherCertificate().toString())
                        .replace("OWN", secured.certificate().toString());
        String line = StartFailures.line(output, Map.of("DATABASE_URL", url));
        assertThat(line)
                .startsWith("DATABASE_URL=postgresql://"
                        + shown.replace("PORT", port).replace("DEAD", dead).replace("PLAIN", Integer.toString(plain))
                        + " (" + part + "): the database refuses the connection: ");
        assertThat(output).doesNotContain("canary");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DEAD | GOOD | DATABASE_URL=DEAD: the pooler refuses the connection:
            GOOD | DEAD | DATABASE_DIRECT_URL=DEAD (host): the database refuses the connection:
            """)
    @Covers(Fault.SETTINGS_WRONG)
    void saysWhetherThePoolerRefusesOrTheDatabasePastIt(
            String url, String direct, String start, CapturedOutput output) {
        String good = TestPostgres.newDatabase();
        String dead = "postgresql://postgres@127.0.0.1:" + PostfeedProcess.freePort() + "/postgres";
        Map<String, String> settings = Map.of(
                "DATABASE_URL", url.replace("GOOD", good).replace("DEAD", dead),
                "DATABASE_DIRECT_URL", direct.replace("GOOD", good).replace("DEAD", dead));
        assertThat(StartFailures.line(output, settings)).startsWith(start.replace("DEAD", dead));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POSTGRES_PASSWORD | canary-wrong         | POSTGRES_PASSWORD: the
            POSTGRES_HOST     | no-such-host.invalid | POSTGRES_HOST=no-such-host.invalid, POSTGRES_PORT=PORT: the
            POSTGRES_PORT     | DEAD                 | POSTGRES_HOST=127.0.0.1, POSTGRES_PORT=DEAD: the
            POSTGRES_DBNAME   | no_such_database     | POSTGRES_DBNAME=no_such_database: the
            """)
    @Covers(Fault.SETTINGS_WRONG)
    void saysWhichPartTheDatabaseRefuses(String setting, String value, String start, CapturedOutput output) {
        String dead = Integer.toString(PostfeedProcess.freePort());
        String port = Integer.toString(secured.port());
        Map<String, String> settings = new HashMap<>(Map.of(
                "POSTGRES_USERNAME", "writer",
                "POSTGRES_PASSWORD", SecuredPostgres.PASSWORD,
                "POSTGRES_HOST", "127.0.0.1",
                "POSTGRES_PORT", port,
                "POSTGRES_DBNAME", "secured"));
        settings.put(setting, value.replace("DEAD", dead));
        assertThat(StartFailures.line(output, settings))
                .startsWith(start.replace("PORT=PORT", "PORT=" + port).replace("DEAD", dead) + " database refuses");
        assertThat(output).doesNotContain("canary");
    }

    @Test
    @Covers({Fault.SETTINGS_WRONG, Fault.SECRETS})
    void endsWithAnErrorAndKeepsTheSecretEvenWhenAskedForEverything(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve(".env"), "POSTGRES_PASSWORD=canary-wrong\n");
        Map<String, String> settings = Map.of(
                "POSTGRES_USERNAME", "writer",
                "POSTGRES_HOST", "127.0.0.1",
                "POSTGRES_PORT", Integer.toString(secured.port()));
        try (PostfeedProcess postfeed =
                PostfeedProcess.start(directory, settings, "--logging.level.root=TRACE", "--debug")) {
            String output = postfeed.awaitExit();
            assertThat(postfeed.exitCode()).isNotZero();
            assertThat(output)
                    .contains(" TRACE ")
                    .contains("POSTGRES_PASSWORD: the database refuses the connection: FATAL: password authentication"
                            + " failed for user \"writer\"")
                    .doesNotContain("canary");
        }
    }
}
