package dev.postfeed.web;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** Where to read: the primary, and a replica where there is one. What is read from either is written once. */
@Component
public class ReadSources {

    /** A server, and the ways to read from it. */
    public record Source(Coalescers coalescers, StatementReader statements) {}

    /**
     * A position, and the context with which a list must be read that is to have all that is before it.
     *
     * @param position null where none is known
     */
    public record Bookmark(@Nullable String position, ContextView reads) {}

    private final Source primary;
    private final @Nullable Source second;
    private final @Nullable Replica replica;

    ReadSources(Coalescers coalescers, StatementReader statements, ObjectProvider<Replica> replicas) {
        primary = new Source(coalescers, statements);
        replica = replicas.getIfAvailable();
        second = replica == null
                ? null
                : new Source(coalescers.on(replica), new StatementReader(replica.connections(), replica::current));
    }

    /** What writes use, too. */
    Coalescers primary() {
        return primary.coalescers();
    }

    /**
     * A way to read, from wherever the context of who subscribes allows.
     *
     * @param reading the way to read from a server
     */
    public <Q, A> Function<Q, Mono<A>> reading(Function<Source, Function<Q, Mono<A>>> reading) {
        Function<Q, Mono<A>> fromPrimary = reading.apply(primary);
        if (replica == null || second == null) {
            return fromPrimary;
        }
        Function<Q, Mono<A>> fromReplica = reading.apply(second);
        return what -> replica.read(fromReplica.apply(what), fromPrimary.apply(what));
    }

    /** Context of reads that follow each other, of which none is to be older than the one before. */
    ContextView inTurn() {
        return replica == null ? Context.empty() : replica.inTurn();
    }

    /** Context of reads that follow each other, and see all that can be seen when this is subscribed to. */
    public Mono<ContextView> allSoFar() {
        return replica == null ? Mono.just(Context.empty()) : replica.allSoFar();
    }

    /** @param position of all that can be seen, at any time; for {@link #bookmark} */
    public void remember(Supplier<@Nullable String> position) {
        if (replica != null) {
            replica.remember(position);
        }
    }

    /** A position before which a list that is read after this has everything: with a replica an older one. */
    public Bookmark bookmark(Supplier<@Nullable String> position) {
        String older = replica == null ? null : replica.bookmark();
        return older == null
                ? new Bookmark(position.get(), replica == null ? Context.empty() : replica.all())
                : new Bookmark(older, Context.empty());
    }
}
