package dev.postfeed.database;

import io.r2dbc.spi.Connection;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Hands a connection of r2dbc-pool to who waits for it, or leaves it to the pool, but not both. The pool takes any cancel for
 * one of somebody who waits: it gives the connection to the next borrower at once and as it is, though the one before may be
 * about to send BEGIN. Here who is cancelled after he got it has it closed, as if he had done so, when what he sends on
 * getting it has been sent. What he still does elsewhere meets {@link LentConnection}.
 *
 * @see <a href="https://github.com/akka/akka-persistence-r2dbc/pull/52">akka-persistence-r2dbc, which met the same</a>
 */
final class Lending extends MonoOperator<Connection, Connection> {

    private enum State {
        WAITING,
        HANDING_OVER,
        LENT,
        CANCELLED
    }

    Lending(Mono<Connection> pool) {
        super(pool);
    }

    @Override
    public void subscribe(CoreSubscriber<? super Connection> actual) {
        source.subscribe(new Handover(actual));
    }

    private static final class Handover implements CoreSubscriber<Connection>, Subscription {

        private final CoreSubscriber<? super Connection> actual;
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
        private @Nullable Subscription pool;
        private volatile @Nullable LentConnection lent;

        Handover(CoreSubscriber<? super Connection> actual) {
            this.actual = actual;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(pool, subscription)) {
                pool = subscription;
                actual.onSubscribe(this);
            }
        }

        @Override
        public void onNext(Connection connection) {
            if (!state.compareAndSet(State.WAITING, State.HANDING_OVER)) {
                return; // The pool takes it back.
            }
            LentConnection lending = new LentConnection(connection);
            lent = lending;
            actual.onNext(lending);
            if (!state.compareAndSet(State.HANDING_OVER, State.LENT)) {
                takeBack();
            }
        }

        @Override
        public void onError(Throwable e) {
            actual.onError(e);
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }

        @Override
        public void request(long n) {
            Objects.requireNonNull(pool).request(n);
        }

        @Override
        public void cancel() {
            switch (state.getAndSet(State.CANCELLED)) {
                case WAITING -> Objects.requireNonNull(pool).cancel();
                case LENT -> takeBack();
                case HANDING_OVER, CANCELLED -> {}
            }
        }

        private void takeBack() {
            Mono.defer(() -> Mono.from(Objects.requireNonNull(lent).close()))
                    .subscribe(closed -> {}, failed -> {}); // Nobody is there to be told.
        }
    }
}
