package dev.postfeed.feed;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Transactions in two phases. One whose second phase did not get through is rolled back later. */
final class PreparedWriter extends SqlWriter {

    private int number;

    PreparedWriter(CheckerRun run, String name, long seed) {
        super(run, name, seed, 2_000);
    }

    @Override
    void step() throws SQLException, InterruptedException {
        sweep(run.cluster(), name + "-");
        String gid = "'" + name + "-" + number++ + "'";
        boolean keep = random.nextInt(3) > 0;
        SqlTransaction transaction = begin(keep ? "prepared, committed" : "prepared, rolled back");
        Insert.Outcome outcome = Insert.Outcome.FAILED;
        try {
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                transaction.insert();
                sleep(150); // A reader that saw its lock under its first name has to know it under its second.
            }
            transaction.run("prepare transaction " + gid);
            connection().setAutoCommit(true);
            sleep(4_000);
            transaction.commitSent();
            outcome = keep ? Insert.Outcome.UNKNOWN : Insert.Outcome.FAILED;
            transaction.run((keep ? "commit" : "rollback") + " prepared " + gid);
            outcome = keep ? Insert.Outcome.ACKNOWLEDGED : Insert.Outcome.FAILED;
            connection().setAutoCommit(false);
        } finally {
            transaction.end(outcome);
        }
    }

    /** Rolls back what is still prepared under a name that begins so. */
    static void sweep(FeedCluster cluster, String prefix) throws SQLException {
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            List<String> gids = new ArrayList<>();
            try (ResultSet rows =
                    statement.executeQuery("select gid from pg_prepared_xacts where gid like '" + prefix + "%'")) {
                while (rows.next()) {
                    gids.add(rows.getString(1));
                }
            }
            for (String gid : gids) {
                statement.execute("rollback prepared '" + gid + "'");
            }
        }
    }
}
