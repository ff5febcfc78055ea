package dev.postfeed.web;

import java.util.List;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Writes lines by transactions of which the next is at work before the last one is committed: PostgreSQL and the client's
 * connection need not wait for each other. It is as if they came one after the other: ids are drawn and transactions are
 * committed in the order of the lines, and what comes after lines that stay out is rolled back.
 *
 * <p>A batch that finds none at work is stored by one statement. Where one fails before it is committed (a lock of
 * somebody else's, a user who is gone, no second connection), they are one after the other from then on, that one included.
 */
final class LinesInTurn<R extends Row<R, B>, B> implements LineSteps<B> {

    private final RowStatements<R, B> statements;
    private final IdsFirst<R, B> how;
    private final LineWriter<R, B> writer;

    private Turn last = new Turn();
    private volatile boolean oneByOne;

    LinesInTurn(RowStatements<R, B> statements, IdsFirst<R, B> how, LineWriter<R, B> writer) {
        this.statements = statements;
        this.how = how;
        this.writer = writer;
        last.end();
    }

    @Override
    public int atOnce() {
        return 3;
    }

    @Override
    public Mono<Answered<B>> step(List<Entry<B>> entries) {
        Turn before = last;
        Turn mine = new Turn();
        last = mine;
        Mono<Answered<B>> after = before.ended().then(Mono.defer(() -> writer.step(entries)));
        Mono<Answered<B>> beside = before.drawn()
                .then(Mono.defer(() -> oneByOne ? after : beside(entries, before, mine)))
                .onErrorResume(NotStoredException.class, e -> {
                    oneByOne = true;
                    mine.lose();
                    return after;
                });
        return (oneByOne || before.hasEnded() ? after : beside).doOnNext(answered -> {
            if (!answered.last()) { // Nobody's turn comes after that: who waits for it is cancelled.
                mine.end();
            }
        });
    }

    private Mono<Answered<B>> beside(List<Entry<B>> entries, Turn before, Turn mine) {
        return writer.write(
                entries, (bodies, mode) -> statements.writeInTurn(how, bodies, mode, mine::draw, before.committed()));
    }

    /** How far a batch has come. */
    private static final class Turn {

        private final Sinks.Empty<Void> drawn = Sinks.empty();
        private final Sinks.Empty<Void> committed = Sinks.empty();
        private final Sinks.Empty<Void> ended = Sinks.empty();

        void draw() {
            drawn.tryEmitEmpty();
        }

        /** Its ids are to be drawn anew: those of the next batch are not after them. */
        void lose() {
            committed.tryEmitError(new IllegalStateException("the batch before this one is written anew"));
            drawn.tryEmitEmpty();
        }

        /** Its lines have their answers. */
        void end() {
            drawn.tryEmitEmpty();
            committed.tryEmitEmpty();
            ended.tryEmitEmpty();
        }

        /** Completes when the next batch may draw its ids. */
        Mono<Void> drawn() {
            return drawn.asMono();
        }

        /** Completes when the next batch, which has drawn its ids, may commit; fails when it has drawn them in vain. */
        Mono<Void> committed() {
            return committed.asMono();
        }

        Mono<Void> ended() {
            return ended.asMono();
        }

        boolean hasEnded() {
            return ended.scanOrDefault(Scannable.Attr.TERMINATED, false);
        }
    }
}
