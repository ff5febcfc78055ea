package dev.postfeed.web;

import java.util.List;
import reactor.util.retry.Retry;

/** Statements that lost a race are run again: their next snapshot sees what the others did, and says it row by row. */
final class Races {

    /** Each failure means that somebody else's write went through, so that this is not the number of clients. */
    private static final int MOST = 10;

    /** Around all that is done in one transaction, at once and without a pause. */
    static final Retry RETRY = Retry.max(MOST)
            .filter(SqlStates::isRace)
            .onRetryExhaustedThrow((spec, last) -> new Problem(
                    ProblemType.OVERLOADED, "others write the same rows; try again", List.of(), last.failure()));

    private Races() {}
}
