package dev.postfeed.database;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.util.context.Context;

/**
 * Something that the server is asked, which is among those that are under way until it ends. While the driver makes its messages it
 * is not cancelled, but at once after that: the driver loses the parameters that it has encoded by then, in memory of Netty's that
 * nobody releases.
 *
 * @see <a href="https://github.com/pgjdbc/r2dbc-postgresql/issues/734">r2dbc-postgresql #734</a>
 */
final class WatchedExchange<T> extends FluxOperator<T, T> {

    private final PostgresqlConnection server;
    private final Set<Exchange<?>> underWay;

    WatchedExchange(Flux<? extends T> exchange, PostgresqlConnection server, Set<Exchange<?>> underWay) {
        super(exchange);
        this.server = server;
        this.underWay = underWay;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        Exchange<T> exchange = new Exchange<>(actual, server, underWay);
        underWay.add(exchange);
        source.subscribe(exchange);
        exchange.isAsked();
    }

    private enum State {
        /** The driver makes the messages, within the call that subscribes. */
        ASKING,
        ASKED,
        CANCELLED
    }

    /** Each is itself only. */
    static final class Exchange<T> implements CoreSubscriber<T>, Subscription {

        private final CoreSubscriber<? super T> actual;
        private final PostgresqlConnection server;
        private final Set<Exchange<?>> underWay;
        private final long begun = System.nanoTime();
        private final AtomicReference<State> state = new AtomicReference<>(State.ASKING);
        private volatile @Nullable Subscription driver;

        Exchange(CoreSubscriber<? super T> actual, PostgresqlConnection server, Set<Exchange<?>> underWay) {
            this.actual = actual;
            this.server = server;
            this.underWay = underWay;
        }

        PostgresqlConnection server() {
            return server;
        }

        /** Of {@link System#nanoTime()}. */
        long begun() {
            return begun;
        }

        void isAsked() {
            if (!state.compareAndSet(State.ASKING, State.ASKED)) {
                Objects.requireNonNull(driver).cancel();
            }
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            driver = subscription;
            actual.onSubscribe(this);
        }

        @Override
        public void onNext(T next) {
            actual.onNext(next);
        }

        @Override
        public void onError(Throwable failure) {
            underWay.remove(this);
            actual.onError(failure);
        }

        @Override
        public void onComplete() {
            underWay.remove(this);
            actual.onComplete();
        }

        @Override
        public void request(long n) {
            Objects.requireNonNull(driver).request(n);
        }

        @Override
        public void cancel() {
            underWay.remove(this);
            if (state.getAndSet(State.CANCELLED) == State.ASKED) {
                Objects.requireNonNull(driver).cancel();
            }
        }
    }
}
