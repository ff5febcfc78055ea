package dev.postfeed.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import tools.jackson.databind.json.JsonMapper;

/**
 * The part of the HTTP edge that lies below WebFlux: targets become URIs, and what the server refuses by itself (a
 * request line or headers too long, or not HTTP at all) is answered by a problem instead of an empty body.
 */
@Component
class NettyEdge implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private final JsonMapper json;

    NettyEdge(JsonMapper json) {
        this.json = json;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit((observer, channel, address) -> addTo(channel)));
    }

    private void addTo(Channel channel) {
        if (channel.pipeline().get(NettyPipeline.HttpTrafficHandler) != null) {
            channel.pipeline().addBefore(NettyPipeline.HttpTrafficHandler, "postfeed.edge", new Handler());
        }
    }

    private final class Handler extends ChannelDuplexHandler {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request
                    && request.decoderResult().isSuccess()) {
                request.setUri(RequestTarget.encode(request.uri()));
            }
            context.fireChannelRead(message);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // The promise is the future.
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            boolean bare = message instanceof FullHttpResponse response
                    && response.status().code() >= 400
                    && !response.headers().contains(HttpHeaderNames.CONTENT_TYPE);
            context.write(bare ? withProblem((FullHttpResponse) message) : message, promise);
        }

        private FullHttpResponse withProblem(FullHttpResponse bare) {
            ProblemType type = switch (bare.status().code()) {
                case 414 -> ProblemType.URI_TOO_LONG;
                case 431 -> ProblemType.HEADERS_TOO_LARGE;
                default -> ProblemType.BAD_REQUEST;
            };
            ByteBuf body = Unpooled.wrappedBuffer(json.writeValueAsBytes(type.describe(type.explanation())));
            FullHttpResponse response = new DefaultFullHttpResponse(
                    bare.protocolVersion(),
                    bare.status(),
                    body,
                    bare.headers().copy(),
                    bare.trailingHeaders().copy());
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            ReferenceCountUtil.release(bare);
            return response;
        }
    }
}
