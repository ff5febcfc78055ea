package dev.postfeed.replica;

import dev.postfeed.replica.Replayed.NotReplayedException;
import dev.postfeed.replica.ReplicaMetrics.Reason;
import dev.postfeed.web.Replica;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Sends reads to the replica where it has what their clients want, else to the primary.
 *
 * <p>A read is the replica's only when the watch has seen that it has what is wanted; and the connection that reads has
 * to show, in a statement before, at least as much as the watch had seen by then. So neither another server behind the same
 * address nor one that has restarted gives less.
 */
final class ReplicaReads implements Replica {

    /** Key of the context of reads that follow each other, to whether one of them was the primary's. */
    private static final String IN_TURN = "postfeed.replica.in-turn";

    private final ConnectionPool connections;
    private final ReplicaWatch watch;
    private final SharedAnswer<WalEnds> primary;
    private final ReplicaMetrics metrics;
    private final Replayed replayed = new Replayed();

    ReplicaReads(
            ConnectionPool connections, ReplicaWatch watch, SharedAnswer<WalEnds> primary, ReplicaMetrics metrics) {
        this.connections = connections;
        this.watch = watch;
        this.primary = primary;
        this.metrics = metrics;
    }

    @Override
    public ConnectionPool connections() {
        return connections;
    }

    @Override
    public Mono<Void> current(Connection connection) {
        return Mono.defer(() -> {
            WalPosition newest = watch.replayed();
            return newest == null ? Mono.error(NotReplayedException::new) : replayed.require(connection, newest);
        });
    }

    @Override
    public <T> Mono<T> read(Mono<T> fromReplica, Mono<T> fromPrimary) {
        return Mono.deferContextual(context -> {
            watch.use();
            Wanted wanted = Wanted.of(context);
            WalPosition position = wanted.position();
            AtomicBoolean left = context.<AtomicBoolean>getOrEmpty(IN_TURN).orElseGet(AtomicBoolean::new);
            Read<T> read = new Read<>(fromReplica, fromPrimary, left);
            if (!watch.isUp()) {
                return read.ofPrimary(Reason.DOWN);
            }
            if (wanted.primary() || left.get()) {
                return read.ofPrimary(Reason.ASKED);
            }
            if (!watch.isRecent()) {
                return read.ofPrimary(Reason.BEHIND);
            }
            return position == null || watch.has(position)
                    ? read.ofReplica()
                    : watch.await(position).flatMap(has -> has ? read.ofReplica() : read.ofPrimary(Reason.BEHIND));
        });
    }

    /** @param left set when it is the primary's: what follows it must not be older */
    private final class Read<T> {

        private final Mono<T> fromReplica;
        private final Mono<T> fromPrimary;
        private final AtomicBoolean left;

        Read(Mono<T> fromReplica, Mono<T> fromPrimary, AtomicBoolean left) {
            this.fromReplica = fromReplica;
            this.fromPrimary = fromPrimary;
            this.left = left;
        }

        Mono<T> ofPrimary(Reason reason) {
            metrics.primary(reason);
            left.set(true);
            return fromPrimary;
        }

        Mono<T> ofReplica() {
            metrics.replica();
            return Mono.firstWithSignal(fromReplica, watch.<T>untilDown())
                    .onErrorResume(ReplicaFailures::isOfTheReplica, failure -> {
                        if (ReplicaFailures.isOfTheServer(failure)) {
                            watch.suspect(failure);
                        }
                        return ofPrimary(failure instanceof NotReplayedException ? Reason.BEHIND : Reason.FAILED);
                    });
        }
    }

    @Override
    public ContextView inTurn() {
        return Context.of(IN_TURN, new AtomicBoolean());
    }

    @Override
    public ContextView all() {
        return Wanted.all();
    }

    @Override
    public Mono<ContextView> allSoFar() {
        return primary.next()
                .map(ends -> Wanted.upTo(ends.visible()))
                .onErrorReturn(Wanted.all())
                .map(wanted -> Context.of(wanted).putAll(inTurn()));
    }

    @Override
    public void remember(Supplier<@Nullable String> bookmark) {
        watch.remember(bookmark);
    }

    @Override
    public @Nullable String bookmark() {
        return watch.bookmark();
    }
}
