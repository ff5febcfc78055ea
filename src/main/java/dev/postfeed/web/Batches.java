package dev.postfeed.web;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Makes batches of what has arrived by the time one is asked for, without a timer: an item that finds nobody at work goes
 * at once, and those that come while a batch is worked on are the next one. The source, which gives items in chunks, is
 * asked for one chunk at a time, and for none while a full batch is waiting: what is held is a batch and a chunk.
 *
 * <p>To be consumed by {@code flatMapSequential(work, atOnce, 1)}, which asks for a batch when there are less than so many
 * that are worked on; with any prefetch batches would be cut before they are needed.
 *
 * @param <T> an item
 */
final class Batches<T> extends Flux<List<T>> {

    private final Flux<List<T>> source;
    private final int maxItems;
    private final long maxWeight;
    private final ToLongFunction<T> weight;
    private final int atOnce;
    private final int fewItems;

    /** The same, one at a time. */
    Batches(Flux<List<T>> source, int maxItems, long maxWeight, ToLongFunction<T> weight) {
        this(source, maxItems, maxWeight, weight, 1, 1);
    }

    /**
     * @param source chunks, which may be empty
     * @param maxItems of a batch
     * @param maxWeight of a batch of more than one item
     * @param weight of an item
     * @param atOnce how many batches are worked on at once
     * @param fewItems fewer than this wait, while a batch is worked on, for what comes meanwhile
     */
    Batches(Flux<List<T>> source, int maxItems, long maxWeight, ToLongFunction<T> weight, int atOnce, int fewItems) {
        this.source = source;
        this.maxItems = maxItems;
        this.maxWeight = maxWeight;
        this.weight = weight;
        this.atOnce = atOnce;
        this.fewItems = fewItems;
    }

    @Override
    public void subscribe(CoreSubscriber<? super List<T>> actual) {
        source.subscribe(new Batching(actual));
    }

    /** Signals of the source and of downstream come on different threads: one of them at a time drains. */
    private final class Batching implements CoreSubscriber<List<T>>, Subscription {

        private final CoreSubscriber<? super List<T>> actual;
        private final AtomicInteger wip = new AtomicInteger();
        private final AtomicLong requested = new AtomicLong();

        /** One chunk at most, since no more than one was asked for. */
        private final AtomicReference<@Nullable List<T>> arrived = new AtomicReference<>();

        private volatile boolean done;
        private volatile boolean cancelled;
        private @Nullable Throwable failure;

        // Of the one that drains.
        private final Queue<T> waiting = new ArrayDeque<>();
        private @Nullable Subscription upstream;
        private long waitingWeight;
        private boolean asked;
        private boolean ended;

        Batching(CoreSubscriber<? super List<T>> actual) {
            this.actual = actual;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(upstream, subscription)) {
                upstream = subscription;
                actual.onSubscribe(this);
                drain();
            }
        }

        @Override
        public void onNext(List<T> chunk) {
            arrived.set(chunk);
            drain();
        }

        @Override
        public void onError(Throwable e) {
            failure = e;
            done = true;
            drain();
        }

        @Override
        public void onComplete() {
            done = true;
            drain();
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                requested.getAndAccumulate(n, Operators::addCap);
                drain();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            Objects.requireNonNull(upstream).cancel();
            drain();
        }

        private void drain() {
            if (wip.getAndIncrement() != 0) {
                return;
            }
            int missed = 1;
            do {
                step();
                missed = wip.addAndGet(-missed);
            } while (missed != 0);
        }

        private void step() {
            boolean last = done; // Read before the chunk that came before it.
            receive(arrived.getAndSet(null));
            while (!waiting.isEmpty() && isWanted(requested.get()) && !isOver(last)) {
                requested.getAndUpdate(n -> n == Long.MAX_VALUE ? n : n - 1);
                actual.onNext(take());
            }
            if (cancelled || ended) {
                waiting.clear();
            } else if (last && failure != null) {
                ended = true;
                waiting.clear();
                actual.onError(failure);
            } else if (last && waiting.isEmpty()) {
                ended = true;
                actual.onComplete();
            } else if (!last && !asked && waiting.size() < maxItems && waitingWeight < maxWeight) {
                asked = true;
                Objects.requireNonNull(upstream).request(1);
            }
        }

        /** Whether what is waiting goes now: nothing is worked on, or there is enough of it for one who is free. */
        private boolean isWanted(long free) {
            return free >= atOnce || (free > 0 && (waiting.size() >= fewItems || waitingWeight >= maxWeight));
        }

        /** Whether there is nobody to give a batch to, or no use in it any more. */
        private boolean isOver(boolean last) {
            return cancelled || ended || (last && failure != null);
        }

        private List<T> take() {
            List<T> batch = new ArrayList<>(Math.min(maxItems, waiting.size()));
            long batchWeight = 0;
            for (T item = waiting.peek(); item != null && batch.size() < maxItems; item = waiting.peek()) {
                long itemWeight = weight.applyAsLong(item);
                if (!batch.isEmpty() && batchWeight + itemWeight > maxWeight) {
                    break;
                }
                batchWeight += itemWeight;
                batch.add(waiting.remove());
            }
            waitingWeight -= batchWeight;
            return batch;
        }

        private void receive(@Nullable List<T> chunk) {
            if (chunk != null) {
                asked = false;
                waiting.addAll(chunk);
                for (T item : chunk) {
                    waitingWeight += weight.applyAsLong(item);
                }
            }
        }
    }
}
