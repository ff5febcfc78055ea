package dev.postfeed.feed;

import java.sql.SQLException;

/**
 * At once, and then now and then, a transaction that stays open for more than five seconds after its first insert. Not
 * always: while it is open, no hole that came since is given up, and faults in giving up holes do not show.
 */
final class LongWriter extends SqlWriter {

    private boolean done;

    LongWriter(CheckerRun run, String name, long seed) {
        super(run, name, seed, 2_000);
    }

    @Override
    void step() throws SQLException, InterruptedException {
        if (done && random.nextInt(8) > 0) {
            return;
        }
        commit("open for seconds", transaction -> {
            transaction.insert();
            Thread.sleep(5_100 + random.nextInt(1_000));
            transaction.insert();
        });
        done = true;
    }
}
