package dev.postfeed.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Tells {@link AccessLog} of the requests of a connection of HTTP/1.1, from below {@link Http1Edge}. */
final class Http1Access extends ChannelDuplexHandler {

    private final AccessLog log;

    /** Requests without an answer yet, in order. */
    private final Queue<AccessedRequest> unanswered = new ArrayDeque<>();

    /** The request whose answer has begun and not ended. */
    private @Nullable AccessedRequest answered;

    Http1Access(AccessLog log) {
        this.log = log;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            unanswered.add(AccessedRequest.of(request));
        }
        context.fireChannelRead(message);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The promise is the future.
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response
                && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            answered = unanswered.poll();
            if (answered != null) {
                answered.answered(response.status().code());
            }
        }
        AccessedRequest request = answered;
        if (request == null) {
            context.write(message, promise);
            return;
        }
        request.sent(size(message));
        if (!(message instanceof LastHttpContent)) {
            context.write(message, promise);
            return;
        }
        answered = null;
        Channel channel = context.channel();
        context.write(message, promise.unvoid())
                .addListener(written -> log.write(request, channel, written.isSuccess()));
    }

    private static int size(Object message) {
        if (message instanceof ByteBuf bytes) {
            return bytes.readableBytes();
        }
        return message instanceof ByteBufHolder holder ? holder.content().readableBytes() : 0;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        context.fireChannelInactive();
        if (answered != null) {
            log.write(answered, context.channel(), false);
            answered = null;
        }
        for (AccessedRequest request = unanswered.poll(); request != null; request = unanswered.poll()) {
            log.write(request, context.channel(), false);
        }
    }
}
