package dev.postfeed.feed;

import java.sql.SQLException;

/** Thousands of rows by one statement, of which a third is rolled back. */
final class BulkWriter extends SqlWriter {

    private static final int LEAST = 1_000;
    private static final int MOST = 20_000;

    BulkWriter(CheckerRun run, String name, long seed) {
        super(run, name, seed, 6_000);
    }

    @Override
    void step() throws SQLException, InterruptedException {
        // As often between 1,000 and 2,000 as between 10,000 and 20,000.
        int rows = (int) (LEAST * Math.pow((double) MOST / LEAST, random.nextDouble()));
        if (random.nextInt(3) == 0) {
            rollback("bulk of " + rows + " rolled back", transaction -> bulk(transaction, rows));
        } else {
            commit("bulk of " + rows, transaction -> bulk(transaction, rows));
        }
    }

    private void bulk(SqlTransaction transaction, int rows) throws SQLException, InterruptedException {
        transaction.insertMany(rows);
        sleep(1_000);
    }
}
