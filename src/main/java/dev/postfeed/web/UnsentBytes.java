package dev.postfeed.web;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Counts what of an answer has not reached the socket yet. Reactor Netty asks for up to 128 buffers ahead, of whatever
 * size, and hands them to Netty whether the client reads or not; only the release of a buffer tells that it was sent.
 */
final class UnsentBytes {

    /** Enough for the next batch to be written while the answers to the last one are sent. */
    private static final long ENOUGH = 64 * 1024;

    private static final NettyDataBufferFactory BUFFERS = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);

    private final AtomicLong unsent = new AtomicLong();
    private final AtomicReference<Sinks.@Nullable Empty<Void>> waiting = new AtomicReference<>();

    /** Counts bytes as on their way from now on; the buffer of them is made when it is asked for. */
    Mono<DataBuffer> send(byte[] bytes) {
        unsent.addAndGet(bytes.length);
        return Mono.fromSupplier(() -> BUFFERS.wrap(new Counted(bytes)));
    }

    /** Completes when there is little enough on its way; for one subscriber at a time. */
    Mono<Void> room() {
        return Mono.defer(() -> {
            Sinks.Empty<Void> sent = Sinks.empty();
            waiting.set(sent);
            wakeUp();
            return sent.asMono();
        });
    }

    private void wakeUp() {
        if (unsent.get() <= ENOUGH) {
            Sinks.Empty<Void> sent = waiting.getAndSet(null);
            if (sent != null) {
                sent.tryEmitEmpty();
            }
        }
    }

    private final class Counted extends UnpooledHeapByteBuf {

        private final int size;

        Counted(byte[] bytes) {
            super(UnpooledByteBufAllocator.DEFAULT, bytes, bytes.length);
            size = bytes.length;
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            unsent.addAndGet(-size);
            wakeUp();
        }
    }
}
