package dev.postfeed.web;

import java.util.List;
import reactor.core.publisher.Mono;

/** Brings lines, from the first on, to answers; as many as go in one step. */
interface LineSteps<B> {

    /** @param entries one or more */
    Mono<Answered<B>> step(List<Entry<B>> entries);

    /** How many steps may be under way; they are subscribed to in the order of their lines. */
    default int atOnce() {
        return 1;
    }
}
