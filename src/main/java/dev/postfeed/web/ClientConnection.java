package dev.postfeed.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Mono;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServerResponse;

/** The connection to the client below an answer that has begun. */
public final class ClientConnection extends ChannelInboundHandlerAdapter {

    /** In the order in which they came; touched by its event loop only. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    private ClientConnection() {}

    /**
     * Completes as soon as what was written so far has nearly left for the client. Demand does not tell: Reactor Netty
     * asks for 128 buffers at once, whatever their size and whether or not the client reads.
     */
    public static Mono<Void> writable(ServerHttpResponse response) {
        Channel channel = channel(response);
        return Mono.create(sink -> channel.eventLoop().execute(() -> whenWritable(channel, sink::success)));
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

    /** The channel that the answer is written to. */
    public static Channel channel(ServerHttpResponse response) {
        return ((ChannelOperations<?, ?>) ServerHttpResponseDecorator.getNativeResponse(response)).channel();
    }

    /**
     * What makes chunks of an answer whose head has been written, for who has made one already and writes it from here;
     * null where the answer has no chunks.
     */
    public static @Nullable ChannelHandlerContext chunkEncoder(ServerHttpResponse response) {
        HttpServerResponse answer = ServerHttpResponseDecorator.getNativeResponse(response);
        return answer.responseHeaders().contains(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED, true)
                ? channel(response).pipeline().context(NettyPipeline.HttpCodec)
                : null;
    }

    /**
     * Runs something once what was written before has nearly left, and after what waits for that already. To be called, and
     * run, on the event loop.
     */
    public static void whenWritable(Channel channel, Runnable action) {
        ClientConnection handler = channel.pipeline().get(ClientConnection.class);
        if (channel.isWritable() && (handler == null || handler.waiting.isEmpty())) {
            action.run();
            return;
        }
        if (handler == null) {
            handler = new ClientConnection();
            channel.pipeline().addFirst(handler);
        }
        handler.waiting.add(action);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        while (context.channel().isWritable() && !waiting.isEmpty()) {
            waiting.remove().run();
        }
        context.fireChannelWritabilityChanged();
    }
}
