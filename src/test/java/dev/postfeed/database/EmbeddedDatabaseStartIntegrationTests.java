package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What may be in the way of the embedded PostgreSQL when it starts. */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class EmbeddedDatabaseStartIntegrationTests {

    @TempDir
    Path directory;

    DataDirectory data;

    @BeforeEach
    void choosePort() {
        data = DataDirectory.in(directory);
    }

    @AfterEach
    void stopServer() {
        data.close();
    }

    @Test
    void refusesAPortThatAnotherProgramHas(CapturedOutput output) throws Exception {
        try (ServerSocket other = new ServerSocket(data.port(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(StartFailures.line(output, data.settings()))
                    .startsWith("POSTFEED_EMBEDDED_PORT=" + data.port() + ": the port is taken by another program");
            assertThat(other.isClosed()).isFalse();
        }
    }

    @Test
    void doesNotAdoptTheServerOfSomebodyElse(CapturedOutput output) throws Exception {
        String url = TestPostgres.newDatabase();
        int port = URI.create(url).getPort();
        assertThat(StartFailures.line(output, data.withPort(port).settings()))
                .startsWith("POSTFEED_EMBEDDED_PORT=" + port + ": the port is taken by another program");
        assertNoTables(url);
        assertNoTables(url.replaceFirst("/[^/]*$", "/postgres"));
    }

    @Test
    void startsOverAPidFileWhoseNumberAnotherProgramHas() throws Exception {
        try (DatabaseApplication first = start()) {
            assertThat(first.ask("insert into users (name, email) values ('Ada', 'ada@example.com') returning id"))
                    .isEqualTo("1");
        }
        Process sleep = new ProcessBuilder("sleep", "120").start();
        try {
            Files.write(
                    data.pidFile(),
                    List.of(
                            Long.toString(sleep.pid()),
                            data.path().toString(),
                            "1700000000",
                            Integer.toString(data.port())));
            try (DatabaseApplication second = start()) {
                assertThat(second.ask("select email from users")).isEqualTo("ada@example.com");
                assertThat(data.server()).isNotEqualTo(sleep.pid());
            }
            assertThat(sleep.isAlive()).isTrue();
        } finally {
            sleep.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void startsOverAPidFileWhoseProcessIsGone() throws Exception {
        Files.createDirectories(data.path());
        start().close();
        Process gone = new ProcessBuilder("true").start();
        assertThat(gone.waitFor(10, TimeUnit.SECONDS)).isTrue();
        Files.write(
                data.pidFile(), List.of(Long.toString(gone.pid()), data.path().toString(), "1700000000", "1"));
        try (DatabaseApplication second = start()) {
            assertThat(second.ask("select count(*)::text from users")).isEqualTo("0");
        }
    }

    @Test
    void refusesADataDirectoryThatIsAFile(CapturedOutput output) throws Exception {
        Files.writeString(data.path(), "mine");
        assertThat(StartFailures.line(output, data.settings()))
                .startsWith("POSTFEED_EMBEDDED_DATA_DIR=" + data.path() + ": ");
        assertThat(data.path()).hasContent("mine");
    }

    @Test
    void refusesADirectoryWithTheFilesOfSomebodyElse(CapturedOutput output) throws Exception {
        Path file = Files.createDirectories(data.path()).resolve("thesis.txt");
        Files.writeString(file, "mine");
        assertThat(StartFailures.line(output, data.settings()))
                .startsWith("POSTFEED_EMBEDDED_DATA_DIR=" + data.path() + ": ");
        assertThat(file).hasContent("mine");
    }

    /** Not even root may write there; and a directory below a file. */
    @ParameterizedTest
    @ValueSource(strings = {"/proc/postfeed/postgres", "file/postgres"})
    void refusesADataDirectoryThatCannotBeWritten(String path, CapturedOutput output) throws Exception {
        Files.writeString(directory.resolve("file"), "");
        String dataDir = directory.resolve(path).toString();
        Map<String, String> settings = new HashMap<>(data.settings());
        settings.put("POSTFEED_EMBEDDED_DATA_DIR", dataDir);
        assertThat(StartFailures.line(output, settings))
                .isEqualTo("POSTFEED_EMBEDDED_DATA_DIR=" + dataDir + ": must be a directory that can be written");
    }

    @Test
    void canStartAgainAfterAStartThatFailed(CapturedOutput output) throws IOException {
        try (ServerSocket other = new ServerSocket(data.port(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(other.isBound()).isTrue();
            StartFailures.line(output, data.settings());
        }
        try (DatabaseApplication second = start()) {
            assertThat(second.ask("show port")).isEqualTo(Integer.toString(data.port()));
        }
    }

    @Test
    void unpacksAgainWhatAKillLeftHalfUnpacked(@TempDir Path fresh) throws Exception {
        Path unpacked = fresh.resolve("postgres.bin/unpacked");
        Path half = Files.createDirectories(unpacked.resolve("PG-half/lib"));
        Files.createSymbolicLink(half.resolve("libecpg.so"), Path.of("libecpg.so.6.18"));
        Path whole = Files.createDirectories(unpacked.resolve("PG-whole"));
        Files.createFile(whole.resolve(".exists"));
        assertThat(EmbeddedDatabase.binaries(fresh.resolve("postgres"))).isEqualTo(unpacked);
        assertThat(unpacked).isDirectoryContaining(path -> path.endsWith("PG-whole"));
        assertThat(unpacked.resolve("PG-half")).doesNotExist();
    }

    private DatabaseApplication start() {
        return DatabaseApplication.start(data.settings());
    }

    private static void assertNoTables(String url) throws SQLException {
        try (Connection connection = TestPostgres.connect(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from pg_tables where schemaname = 'public'")) {
            row.next();
            assertThat(row.getInt(1)).as(url).isZero();
        }
    }
}
