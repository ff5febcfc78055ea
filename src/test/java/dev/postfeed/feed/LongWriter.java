package dev.postfeed.feed;

import java.sql.SQLException;

/** Now and then a transaction that stays open for more than five seconds after its first insert. */
final class LongWriter extends SqlWriter {

    LongWriter(CheckerRun run, String name, long seed) {
        super(run, name, seed, 6_000);
    }

    @Override
    void step() throws SQLException, InterruptedException {
        commit("open for seconds", transaction -> {
            transaction.insert();
            Thread.sleep(5_100 + random.nextInt(1_000));
            transaction.insert();
        });
    }
}
