package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.postfeed.PostfeedProcess;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The embedded PostgreSQL across stops, kills and second starts, as processes. */
@Timeout(180)
class EmbeddedDatabaseIntegrationTests {

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
    void keepsItsDataDurablyAcrossAStop() throws Exception {
        data = DataDirectory.withoutBinaries(directory);
        try (PostfeedProcess postfeed = start()) {
            Users.write(postfeed.client(), "kept@example.com");
            long server = data.server();

            assertThat(data.path()).isDirectory();
            assertThat(postfeed.output())
                    .contains("PostgreSQL is at postgresql://postgres@127.0.0.1:" + data.port() + "/postgres");
            assertThat(data.ask("show fsync")).isEqualTo("on");
            assertThat(data.ask("show synchronous_commit")).isEqualTo("on");
            assertThat(data.ask("show full_page_writes")).isEqualTo("on");
            assertThat(data.ask("show data_directory"))
                    .isEqualTo(data.path().toRealPath().toString());
            assertListensOnLoopbackOnly();

            postfeed.stop();
            await().atMost(Duration.ofSeconds(10)).until(() -> !DataDirectory.isAlive(server));
            assertThat(data.pidFile()).doesNotExist();
        }
        try (PostfeedProcess postfeed = start()) {
            assertThat(Users.emails(postfeed.client())).containsExactly("kept@example.com");
            assertThat(postfeed.stop()).doesNotContain("was left on");
        }
    }

    @Test
    @Covers(Fault.EMBEDDED_ORPHAN)
    void stopsTheServerThatAKilledPostfeedLeftBehind() throws Exception {
        long first;
        try (PostfeedProcess postfeed = start()) {
            Users.write(postfeed.client(), "before-the-kill@example.com");
            first = data.server();
            postfeed.kill();
            assertThat(DataDirectory.isAlive(first)).isTrue();
        }
        long second;
        try (PostfeedProcess postfeed = start()) {
            assertThat(Users.emails(postfeed.client())).containsExactly("before-the-kill@example.com");
            assertThat(postfeed.output())
                    .contains("PostgreSQL process " + first + " was left on " + data.path()
                            + " by a Postfeed that was killed: stopping it");
            second = data.server();
            assertThat(second).isNotEqualTo(first);
            assertThat(DataDirectory.isAlive(first)).isFalse();
            Users.write(postfeed.client(), "after-the-kill@example.com");
            postfeed.kill();
        }
        // A session that somebody left open would keep a server that is asked to stop waiting for ever.
        try (Connection session = data.connect();
                Statement statement = session.createStatement();
                PostfeedProcess postfeed = start()) {
            statement.execute("begin; lock table users in access exclusive mode");
            assertThat(Users.emails(postfeed.client()))
                    .containsExactlyInAnyOrder("before-the-kill@example.com", "after-the-kill@example.com");
            assertThat(postfeed.output()).doesNotContain("does not stop");
            assertThat(data.server()).isNotEqualTo(second);
            assertThat(session.isValid(2)).isFalse();
            postfeed.stop();
        }
    }

    @Test
    @Covers(Fault.EMBEDDED_ORPHAN)
    void refusesADataDirectoryThatAnotherPostfeedUses() throws Exception {
        try (PostfeedProcess first = start()) {
            WebTestClient client = first.client();
            long server = data.server();
            DataDirectory same = data.withPort(PostfeedProcess.freePort());
            try (PostfeedProcess second = PostfeedProcess.start(directory, same.settings())) {
                String output = second.awaitExit();
                assertThat(second.exitCode()).isNotZero();
                assertThat(StartFailures.line(output))
                        .startsWith("POSTFEED_EMBEDDED_DATA_DIR=" + data.path() + ": another Postfeed (process "
                                + first.pid() + ") runs on this data directory");
            }
            Users.write(client, "still-served@example.com");
            assertThat(data.server()).isEqualTo(server);
            first.stop();
        }
    }

    private PostfeedProcess start() {
        return PostfeedProcess.start(directory, data.settings());
    }

    private void assertListensOnLoopbackOnly() throws SQLException, IOException {
        assertThat(data.ask("show listen_addresses")).isEqualTo("127.0.0.1");
        for (NetworkInterface network : NetworkInterface.networkInterfaces()
                .filter(n -> !n.getName().startsWith("lo"))
                .toList()) {
            for (InetAddress address : network.inetAddresses().toList()) {
                assertThat(catchThrowable(() -> new Socket(address, data.port()).close()))
                        .as("%s", address)
                        .isInstanceOf(ConnectException.class);
            }
        }
    }
}
