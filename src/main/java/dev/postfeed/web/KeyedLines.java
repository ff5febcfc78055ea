package dev.postfeed.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Lines of a request that may have come before: what is stored is answered again, if it is the same, and writing goes on
 * where it stopped. Batches are stored one after the other, each from the line after the last one's end, so that of two
 * requests with one key only one can store the next; the other finds that, and answers from it too.
 */
final class KeyedLines<R extends Row<R, B>, B> implements LineSteps<B> {

    private final IdempotencyStore store;
    private final IdempotencyKey key;
    private final LineWriter<R, B> writer;
    private final boolean lenient;

    // One step at a time.
    private long nextLine = 1;
    private @Nullable StoredLines stored;
    private boolean writing;

    KeyedLines(IdempotencyStore store, IdempotencyKey key, LineWriter<R, B> writer, boolean lenient) {
        this.store = store;
        this.key = key;
        this.writer = writer;
        this.lenient = lenient;
    }

    @Override
    public Mono<Answered<B>> step(List<Entry<B>> entries) {
        StoredLines known = stored;
        if (known != null) {
            return Mono.fromSupplier(() -> again(entries, known));
        }
        if (writing) {
            return write(entries);
        }
        return store.lines(key, nextLine)
                .map(found -> again(entries, found))
                .switchIfEmpty(Mono.defer(() -> write(entries)));
    }

    private Answered<B> again(List<Entry<B>> entries, StoredLines found) {
        stored = found;
        LineAnswers answers = new LineAnswers();
        int done = 0;
        while (done < entries.size() && found.hasNext()) {
            Entry<B> entry = entries.get(done);
            done++;
            if (!found.isNext(entry)) {
                answers.refused(entry.line(), IdempotencyKey.reused("line here"));
                return new Answered<>(answers, 0, List.of(), true);
            }
            if (found.answer(answers) >= 400 && !lenient) {
                return new Answered<>(answers, 0, List.of(), true);
            }
        }
        if (!found.hasNext()) {
            nextLine = found.lastLine() + 1;
            stored = null;
        }
        return new Answered<>(answers, 0, entries.subList(done, entries.size()), false);
    }

    private Mono<Answered<B>> write(List<Entry<B>> entries) {
        return store.settle(key, nextLine, entries, writer.write(entries))
                .doOnNext(answered -> {
                    writing = true;
                    if (answered.settled() > 0) {
                        nextLine = entries.get(answered.settled() - 1).line() + 1;
                    }
                })
                .switchIfEmpty(Mono.defer(() -> {
                    writing = false;
                    return step(entries);
                }));
    }
}
