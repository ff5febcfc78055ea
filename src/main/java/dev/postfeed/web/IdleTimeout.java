package dev.postfeed.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection on which no request has been under way for some time, counted from the end of the last answer, or
 * from the beginning; a request whose headers have not all come is none. Reactor Netty's own puts a
 * handler with a timer into the connection after each answer and takes them out again at the next request; this one looks
 * once in a while.
 */
final class IdleTimeout extends ChannelDuplexHandler {

    private final long nanos;
    private final Predicate<Channel> busy;
    private long restsSince;
    private @Nullable Future<?> next;

    /** @param busy whether a request is under way on a connection */
    IdleTimeout(Duration time, Predicate<Channel> busy) {
        this.nanos = time.toNanos();
        this.busy = busy;
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
            rests();
        }
        context.write(message, promise);
    }

    /** The last request has ended. */
    void rests() {
        restsSince = System.nanoTime();
    }

    private void lookAfter(long time, ChannelHandlerContext context) {
        next = context.executor().schedule(() -> look(context), time, TimeUnit.NANOSECONDS);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for it.
    private void look(ChannelHandlerContext context) {
        long now = System.nanoTime();
        if (busy.test(context.channel())) {
            restsSince = now;
        }
        long left = restsSince + nanos - now;
        if (left > 0) {
            lookAfter(left, context);
        } else {
            context.close();
        }
    }
}
