package dev.postfeed.web;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.ChannelOperations;

/**
 * Closes a connection on which no request has been under way for some time, counted from the end of the last answer, or
 * from the beginning; a request whose headers have not all come is none. Reactor Netty's own puts a
 * handler with a timer into the connection after each answer and takes them out again at the next request; this one looks
 * once in a while.
 */
final class IdleTimeout extends ChannelDuplexHandler {

    private final long nanos;
    private long restsSince;
    private @Nullable Future<?> next;

    IdleTimeout(Duration time) {
        this.nanos = time.toNanos();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        restsSince = System.nanoTime();
        lookAfter(nanos, context);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (next != null) {
            next.cancel(false);
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The promise is the future.
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent) {
            restsSince = System.nanoTime();
        }
        context.write(message, promise);
    }

    private void lookAfter(long time, ChannelHandlerContext context) {
        next = context.executor().schedule(() -> look(context), time, TimeUnit.NANOSECONDS);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for it.
    private void look(ChannelHandlerContext context) {
        long now = System.nanoTime();
        if (ChannelOperations.get(context.channel()) != null) {
            restsSince = now; // An answer that is written may not have been sent.
        }
        long left = restsSince + nanos - now;
        if (left > 0) {
            lookAfter(left, context);
        } else {
            context.close();
        }
    }
}
