package dev.postfeed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PrimaryAndStandby.Replication;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of a failover stand on: what a synchronous standby has, and what one that was held back has not. */
class PrimaryAndStandbyIntegrationTests {

    @TempDir
    Path directory;

    @Test
    void aSynchronousStandbyHasAllThatWasCommitted() throws Exception {
        try (PrimaryAndStandby servers = new PrimaryAndStandby(directory, Replication.SYNCHRONOUS)) {
            servers.run("create table t as select generate_series(1, 1000) id");
            servers.killPrimary();
            servers.promote();
            assertThat(rows(servers)).isEqualTo(1000);
            servers.run("insert into t values (1001)");
            assertThat(rows(servers)).isEqualTo(1001);
        }
    }

    @Test
    void whatIsHeldBackIsLost() throws Exception {
        try (PrimaryAndStandby servers = new PrimaryAndStandby(directory, Replication.ASYNCHRONOUS)) {
            servers.run("create table t as select 1 id");
            servers.awaitCaughtUp();
            servers.holdBack();
            servers.run("insert into t values (2)");
            assertThat(rows(servers)).isEqualTo(2);
            servers.killPrimary();
            servers.promote();
            assertThat(rows(servers)).isEqualTo(1);
        }
    }

    private static int rows(PrimaryAndStandby servers) throws SQLException {
        try (Connection connection = servers.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from t")) {
            row.next();
            return row.getInt(1);
        }
    }
}
