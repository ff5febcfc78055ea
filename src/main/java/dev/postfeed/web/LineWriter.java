package dev.postfeed.web;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Writes lines by one statement. */
final class LineWriter<R extends Row<R, B>, B> implements LineSteps<B> {

    private final RowStatements<R, B> statements;
    private final WriteOptions options;

    LineWriter(RowStatements<R, B> statements, WriteOptions options) {
        this.statements = statements;
        this.options = options;
    }

    @Override
    public Mono<Answered<B>> step(List<Entry<B>> entries) {
        return write(entries).retryWhen(Races.RETRY);
    }

    /** All of the lines, or those up to the first bad one; once, so that it may lose a race. */
    Mono<Answered<B>> write(List<Entry<B>> entries) {
        return write(entries, (bodies, mode) -> statements.write(bodies, mode, options.onConflict()));
    }

    /** @param write the rows of the lines, if there are any */
    Mono<Answered<B>> write(List<Entry<B>> entries, BiFunction<List<B>, WriteMode, Mono<List<Written<R>>>> write) {
        List<B> bodies = new ArrayList<>(entries.size());
        for (Entry<B> entry : entries) {
            if (entry.body() != null) {
                bodies.add(entry.body());
            } else if (!options.lenient()) {
                break;
            }
        }
        if (bodies.isEmpty()) {
            return Mono.fromSupplier(() -> answer(entries, List.of()));
        }
        WriteMode mode = options.lenient() ? WriteMode.LENIENT : WriteMode.STRICT;
        return write.apply(bodies, mode).map(written -> answer(entries, written));
    }

    private Answered<B> answer(List<Entry<B>> entries, List<Written<R>> all) {
        LineAnswers answers = new LineAnswers();
        Iterator<Written<R>> outcomes = all.iterator();
        for (int i = 0; i < entries.size(); i++) {
            Entry<B> entry = entries.get(i);
            Written<R> written = entry.body() == null ? null : outcomes.next();
            Problem problem = problem(entry, written);
            if (problem != null) {
                answers.refused(entry.line(), problem);
                if (!options.lenient()) {
                    return new Answered<>(answers, i, List.of(), true);
                }
            } else {
                R row = Objects.requireNonNull(Objects.requireNonNull(written).row());
                answers.stored(entry.line(), written.created(), Objects.requireNonNull(row.id()));
            }
        }
        return new Answered<>(answers, entries.size(), List.of(), false);
    }

    private @Nullable Problem problem(Entry<B> entry, @Nullable Written<R> written) {
        return written == null ? Objects.requireNonNull(entry.problem()) : written.problem();
    }
}
