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

/** The connection to the client below an answer that has begun. */
final class ClientConnection extends ChannelInboundHandlerAdapter {

    /** Of the one answer that is being written on it; touched by its event loop only. */
    private @Nullable MonoSink<Void> waiting;

    private ClientConnection() {}

    /**
     * Completes as soon as what was written so far has nearly left for the client. Demand does not tell: Reactor Netty
     * asks for 128 buffers at once, whatever their size and whether or not the client reads.
     */
    static Mono<Void> writable(ServerHttpResponse response) {
        Channel channel = channel(response);
        return Mono.create(sink -> channel.eventLoop().execute(() -> await(channel, sink)));
    }

    /**
     * Ends it without the end of the answer, so that the client can tell that it is not whole. Never completes: with
     * its connection the answer is cancelled.
     */
    static Mono<Void> cut(ServerHttpResponse response) {
        return Mono.defer(() -> {
            channel(response).close();
            return Mono.never();
        });
    }

    private static Channel channel(ServerHttpResponse response) {
        return ((ChannelOperations<?, ?>) ServerHttpResponseDecorator.getNativeResponse(response)).channel();
    }

    /** On the event loop, and so after the write of the buffer before. */
    private static void await(Channel channel, MonoSink<Void> sink) {
        if (channel.isWritable()) {
            sink.success();
            return;
        }
        ClientConnection handler = channel.pipeline().get(ClientConnection.class);
        if (handler == null) {
            handler = new ClientConnection();
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
