package dev.postfeed.feed;

import java.sql.SQLException;
import java.sql.Savepoint;

/** Short transactions of all shapes, and some that commit late. */
final class TransactionWriter extends SqlWriter {

    TransactionWriter(CheckerRun run, String name, long seed) {
        super(run, name, seed, 40);
    }

    @Override
    void step() throws SQLException, InterruptedException {
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> commit("insert", SqlTransaction::insert);
            case 3, 4 -> commit("inserts", transaction -> inserts(transaction, 1 + random.nextInt(6), 30));
            case 5 ->
                commit("inserts, late commit", transaction -> {
                    inserts(transaction, 1 + random.nextInt(3), 30);
                    sleep(2000);
                });
            case 6 ->
                commit("savepoint undone in the middle", transaction -> {
                    transaction.insert();
                    undoneInserts(transaction);
                    inserts(transaction, 1 + random.nextInt(3), 30);
                });
            case 7 ->
                commit("savepoint undone first, late commit", transaction -> {
                    undoneInserts(transaction);
                    sleep(1000);
                    transaction.insert();
                });
            case 8 ->
                commit("id drawn early", transaction -> {
                    Insert drawn = transaction.draw();
                    sleep(random.nextInt(4) == 0 ? 1500 : 100);
                    transaction.insert();
                    transaction.insertDrawn(drawn);
                });
            case 9 ->
                commit("id drawn under a savepoint undone", transaction -> {
                    Savepoint savepoint = transaction.savepoint();
                    Insert drawn = transaction.draw();
                    transaction.rollback(savepoint, 0);
                    sleep(random.nextInt(4) == 0 ? 1500 : 100);
                    transaction.insertDrawn(drawn);
                });
            case 10 -> rollback("rolled back", transaction -> inserts(transaction, 1 + random.nextInt(6), 100));
            case 11 ->
                commit("inserted and deleted", transaction -> {
                    Insert insert = transaction.insert();
                    inserts(transaction, random.nextInt(2), 30);
                    transaction.delete(insert);
                });
            case 12 -> commit("update, delete", this::updateAndDelete);
            default -> abandon();
        }
    }

    private void inserts(SqlTransaction transaction, int count, int mostPause)
            throws SQLException, InterruptedException {
        for (int i = 0; i < count; i++) {
            transaction.insert();
            sleep(mostPause);
        }
    }

    private void undoneInserts(SqlTransaction transaction) throws SQLException, InterruptedException {
        int size = transaction.size();
        Savepoint savepoint = transaction.savepoint();
        inserts(transaction, 1 + random.nextInt(2), 30);
        transaction.rollback(savepoint, size);
    }

    private void updateAndDelete(SqlTransaction transaction) throws SQLException, InterruptedException {
        transaction.insert();
        transaction.run("update posts set content = 'updated' where id = "
                + run.history().recentId(random));
        long deleted = run.history().recentId(random);
        run.history().deleting(deleted);
        transaction.run("delete from posts where id = " + deleted);
    }

    /** The program dies in the middle. */
    private void abandon() throws SQLException, InterruptedException {
        SqlTransaction transaction = begin("abandoned");
        try {
            inserts(transaction, 1 + random.nextInt(3), 30);
        } finally {
            disconnect();
            transaction.end(Insert.Outcome.FAILED);
        }
    }
}
