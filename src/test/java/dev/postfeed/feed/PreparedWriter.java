package dev.postfeed.feed;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Transactions in two phases, the second on another connection, again and again until it gets through: also after the
 * server has been started anew, when the transaction has other locks by name than before.
 */
final class PreparedWriter extends SqlWriter {

    private static final String UNDEFINED_OBJECT = "42704";

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
                sleep(150);
            }
            transaction.run("prepare transaction " + gid);
            sleep(4_000);
            transaction.commitSent();
            boolean done = end((keep ? "commit" : "rollback") + " prepared " + gid);
            if (keep) {
                outcome = done ? Insert.Outcome.ACKNOWLEDGED : Insert.Outcome.UNKNOWN;
            }
        } finally {
            transaction.end(outcome);
        }
    }

    /** Whether it got through before the run was over. */
    private boolean end(String sql) throws InterruptedException {
        do {
            try (Connection other = run.cluster().connect();
                    Statement statement = other.createStatement()) {
                statement.execute(sql);
                return true;
            } catch (SQLException e) {
                if (UNDEFINED_OBJECT.equals(e.getSQLState())) {
                    return true; // It got through before, but not the answer.
                }
                Thread.sleep(20);
            }
        } while (run.writing());
        return false;
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
