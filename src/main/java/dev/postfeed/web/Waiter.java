package dev.postfeed.web;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * One who has come to a {@link Coalescer}, and is still waiting or has been taken.
 *
 * @param <Q> its request
 * @param <A> its answer
 */
final class Waiter<Q, A> {

    final Q request;
    final MonoSink<Mono<A>> sink;

    /** Where it came from, and is told; null for anywhere. */
    final @Nullable EventExecutor loop;

    /** Until when it waits, as {@link System#nanoTime} counts. */
    final long end;

    private @Nullable Abandonment takenBy;
    private boolean gone;

    Waiter(Q request, MonoSink<Mono<A>> sink, @Nullable EventExecutor loop, Duration patience) {
        this.request = request;
        this.sink = sink;
        this.loop = loop;
        this.end = System.nanoTime() + patience.toNanos();
    }

    /** An outcome like any other: of one who has gone meanwhile an error would be logged as dropped. */
    void fail(Throwable failure) {
        sink.success(Mono.error(failure));
    }

    synchronized void taken(Abandonment by) {
        takenBy = by;
        if (gone) {
            by.oneLess();
        }
    }

    synchronized void abandon() {
        gone = true;
        if (takenBy != null) {
            takenBy.oneLess();
        }
    }
}
