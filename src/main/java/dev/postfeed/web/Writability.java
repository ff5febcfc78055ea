package dev.postfeed.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.channel.ChannelOperations;

/**
 * Tells when a client's connection takes bytes. Demand does not: Reactor Netty asks for 128 buffers at once, whatever
 * their size and whether or not the client reads.
 */
final class Writability extends ChannelInboundHandlerAdapter {

    /** Of the one response that is being written on this connection; touched by its event loop only. */
    private @Nullable MonoSink<Void> waiting;

    private Writability() {}

    /** Completes as soon as what was written so far to a response has nearly left for the client. */
    static Mono<Void> of(ServerHttpResponse response) {
        Channel channel = ((ChannelOperations<?, ?>) ServerHttpResponseDecorator.getNativeResponse(response)).channel();
        return Mono.create(sink -> channel.eventLoop().execute(() -> await(channel, sink)));
    }

    /** On the event loop, and so after the write of the buffer before. */
    private static void await(Channel channel, MonoSink<Void> sink) {
        if (channel.isWritable()) {
            sink.success();
            return;
        }
        Writability handler = channel.pipeline().get(Writability.class);
        if (handler == null) {
            handler = new Writability();
            channel.pipeline().addFirst(handler);
        }
        handler.waiting = sink;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        MonoSink<Void> sink = waiting;
        if (sink != null && context.channel().isWritable()) {
            waiting = null;
            sink.success();
        }
        context.fireChannelWritabilityChanged();
    }
}
