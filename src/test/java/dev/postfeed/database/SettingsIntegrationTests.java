package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedProcess;
import dev.postfeed.TestPostgres;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that name a database, and shape its pool, reach the database and the pool. */
@Timeout(120)
class SettingsIntegrationTests {

    private static final String WHO = "select current_user || ' ' || current_database()";
    private static final String TLS = "select ssl::text from pg_stat_ssl where pid = pg_backend_pid()";

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
    @ValueSource(strings = {"postgresql", "postgres"})
    void connectsWithAUrlWhosePasswordIsPercentEncoded(String scheme) {
        String url = secured.url("writer").replaceFirst("^postgresql", scheme);
        try (DatabaseApplication postfeed = DatabaseApplication.start(Map.of("DATABASE_URL", url))) {
            assertThat(postfeed.ask(WHO)).isEqualTo("writer secured");
            assertThat(postfeed.ask("select count(*)::text from users")).isEqualTo("0");
        }
    }

    @Test
    void connectsWithTheParts() {
        Map<String, String> settings = Map.of(
                "POSTGRES_USERNAME", "writer",
                "POSTGRES_PASSWORD", SecuredPostgres.PASSWORD,
                "POSTGRES_HOST", "127.0.0.1",
                "POSTGRES_PORT", Integer.toString(secured.port()),
                "POSTGRES_DBNAME", "secured");
        try (DatabaseApplication postfeed = DatabaseApplication.start(settings)) {
            assertThat(postfeed.ask(WHO)).isEqualTo("writer secured");
        }
    }

    @Test
    void fillsInThePartsThatAreMissing() {
        URI database = URI.create(TestPostgres.newDatabase());
        Map<String, String> settings = Map.of(
                "DATABASE_URL", " ",
                "POSTGRES_PORT", Integer.toString(database.getPort()),
                "POSTGRES_DBNAME", database.getPath().substring(1));
        try (DatabaseApplication postfeed = DatabaseApplication.start(settings)) {
            assertThat(postfeed.ask("select current_user")).isEqualTo("postgres");
        }
    }

    @Test
    void prefersTheUrlToTheParts() {
        Map<String, String> settings = Map.of(
                "DATABASE_URL", secured.url("writer"),
                "POSTGRES_USERNAME", "nobody",
                "POSTGRES_PASSWORD", "wrong",
                "POSTGRES_HOST", "192.0.2.1",
                "POSTGRES_PORT", "no port",
                "POSTGRES_DBNAME", "none");
        try (DatabaseApplication postfeed = DatabaseApplication.start(settings)) {
            assertThat(postfeed.ask(WHO)).isEqualTo("writer secured");
        }
    }

    @Test
    void goesOnToTheNextHostWhenOneIsDead() {
        String hosts = "127.0.0.1:" + PostfeedProcess.freePort() + ",127.0.0.1:" + secured.port();
        String url = secured.url("writer").replace("127.0.0.1:" + secured.port(), hosts);
        try (DatabaseApplication postfeed = DatabaseApplication.start(Map.of("DATABASE_URL", url))) {
            assertThat(postfeed.ask(WHO)).isEqualTo("writer secured");
        }
    }

    @ParameterizedTest
    @CsvSource({"writer, disable, false", "writer, prefer, true", "tls_only, require, true"})
    void speaksTlsAsTheUrlSays(String role, String mode, String encrypted) {
        String url = secured.url(role) + "?sslmode=" + mode;
        try (DatabaseApplication postfeed = DatabaseApplication.start(Map.of("DATABASE_URL", url))) {
            assertThat(postfeed.ask(TLS)).isEqualTo(encrypted);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify-ca", "verify-full"})
    void trustsAServerWhoseCertificateIsGiven(String mode) {
        String url = secured.url("tls_only") + "?sslmode=" + mode + "&sslrootcert=" + secured.certificate();
        try (DatabaseApplication postfeed = DatabaseApplication.start(Map.of("DATABASE_URL", url))) {
            assertThat(postfeed.ask(TLS)).isEqualTo("true");
        }
    }

    @Test
    void handsTheOptionsOfAUrlToTheServer() {
        String url = secured.url("writer") + "?application_name=my%20app&options=-c%20TimeZone=Asia/Kolkata";
        try (DatabaseApplication postfeed = DatabaseApplication.start(Map.of("DATABASE_URL", url))) {
            assertThat(postfeed.ask("show application_name")).isEqualTo("my app");
            assertThat(postfeed.ask("show timezone")).isEqualTo("Asia/Kolkata");
        }
    }

    @ParameterizedTest
    @CsvSource({"30, 30000", "500ms, 500", "2m, 120000", "PT1.5S, 1500"})
    void takesAPlainNumberForSeconds(String value, long millis) {
        Map<String, String> settings = Map.of(
                "DATABASE_URL", TestPostgres.newDatabase(),
                "POSTFEED_POOL_TIMEOUT", value,
                "POSTFEED_POOL_RECYCLE", value);
        try (DatabaseApplication postfeed = DatabaseApplication.start(settings)) {
            PoolProperties pool = postfeed.bean(PoolProperties.class);
            assertThat(pool.timeout()).isEqualTo(Duration.ofMillis(millis));
            assertThat(pool.recycle()).isEqualTo(Duration.ofMillis(millis));
        }
    }

    @Test
    void bindsEveryPoolSettingByItsName() {
        Map<String, String> settings = Map.of(
                "DATABASE_URL", TestPostgres.newDatabase(),
                "POSTFEED_POOL_SIZE", "2",
                "POSTFEED_POOL_MAX_OVERFLOW", "3",
                "POSTFEED_POOL_TIMEOUT", "4",
                "POSTFEED_POOL_RECYCLE", "-1",
                "POSTFEED_POOL_PRE_PING", "false",
                "POSTFEED_POOL_MAX_WAITING", "5");
        try (DatabaseApplication postfeed = DatabaseApplication.start(settings)) {
            assertThat(postfeed.bean(PoolProperties.class))
                    .isEqualTo(new PoolProperties(2, 3, Duration.ofSeconds(4), PoolProperties.NEVER, false, 5));
        }
    }

    @Test
    void takesBlankForNotSet() {
        Map<String, String> settings = new HashMap<>(Map.of("DATABASE_URL", TestPostgres.newDatabase()));
        for (String name : List.of(
                "POSTGRES_USERNAME",
                "POSTGRES_PASSWORD",
                "POSTGRES_HOST",
                "POSTGRES_PORT",
                "POSTGRES_DBNAME",
                "POSTFEED_EMBEDDED_DATA_DIR",
                "POSTFEED_EMBEDDED_PORT",
                "POSTFEED_POOL_SIZE",
                "POSTFEED_POOL_MAX_OVERFLOW",
                "POSTFEED_POOL_TIMEOUT",
                "POSTFEED_POOL_RECYCLE",
                "POSTFEED_POOL_PRE_PING",
                "POSTFEED_POOL_MAX_WAITING")) {
            settings.put(name, "");
        }
        try (DatabaseApplication postfeed = DatabaseApplication.start(settings)) {
            assertThat(postfeed.bean(PoolProperties.class))
                    .isEqualTo(
                            new PoolProperties(10, 20, Duration.ofSeconds(30), Duration.ofSeconds(3600), true, 1000));
            assertThat(postfeed.bean(EmbeddedProperties.class))
                    .isEqualTo(new EmbeddedProperties(".postfeed/postgres", 54321));
        }
    }

    @Test
    void readsDotEnvBelowTheRealEnvironment(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve(".env"), """
                # as in docs
                DATABASE_URL=postgresql://nobody@127.0.0.1:1/none
                POSTFEED_POOL_SIZE=2
                POSTFEED_POOL_MAX_OVERFLOW=3
                """);
        Map<String, String> environment = Map.of("DATABASE_URL", secured.url("writer"), "POSTFEED_POOL_SIZE", "4");
        try (PostfeedProcess postfeed = PostfeedProcess.start(directory, environment)) {
            String metrics = get(postfeed, "/actuator/prometheus");
            // size 4 of the environment, max-overflow 3 of .env
            assertThat(metrics).containsPattern("r2dbc_pool_max_allocated_connections\\{[^}]*} 7\\.0");
            assertThat(postfeed.stop())
                    .contains("PostgreSQL is at postgresql://writer@127.0.0.1:" + secured.port() + "/secured")
                    .doesNotContain("canary");
        }
    }

    @Test
    void connectsWithASecretOutOfDotEnvAndTellsItToNobody(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve(".env"), """
                DATABASE_URL="%s?sslmode=verify-full&sslrootcert=%s"
                POSTFEED_POOL_TIMEOUT=30
                LOGGING_LEVEL_ROOT=DEBUG
                """.formatted(secured.url("tls_only"), secured.certificate()));
        try (PostfeedProcess postfeed = PostfeedProcess.start(directory, Map.of())) {
            Users.write(postfeed.client(), "tls@example.com");
            assertThat(Users.emails(postfeed.client())).contains("tls@example.com");
            for (String path :
                    new String[] {"/actuator/health", "/actuator/health/readiness", "/actuator/prometheus"}) {
                assertThat(get(postfeed, path)).doesNotContain("canary");
            }
            assertThat(postfeed.stop()).contains("DEBUG").doesNotContain("canary");
        }
    }

    private static String get(PostfeedProcess postfeed, String path) {
        return postfeed.client()
                .get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
    }
}
