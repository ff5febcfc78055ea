package dev.postfeed.web;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.NOPLogger;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.mock.env.MockEnvironment;
import reactor.core.publisher.Mono;
import reactor.netty.NettyPipeline;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server with the edge and nothing else, which knows that the first answer of a connection is sent only when the
 * second request is there: what happens now and then, always.
 */
final class LateEnds extends ChannelDuplexHandler {

    private int requests;

    private @Nullable ChannelPromise sent;

    private LateEnds() {}

    static WebServer server() {
        NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory(0);
        new NettyEdge(
                        JsonMapper.shared(),
                        new AccessLog(NOPLogger.NOP_LOGGER, false),
                        Duration.ofMinutes(1),
                        new MockEnvironment())
                .customize(factory);
        factory.addServerCustomizers(server -> server.doOnChannelInit((observer, channel, address) ->
                channel.pipeline().addAfter(NettyPipeline.HttpCodec, "late", new LateEnds())));
        return factory.getWebServer((request, response) -> {
            response.getHeaders().setContentLength(2);
            return response.writeWith(Mono.just(response.bufferFactory().wrap(new byte[2])));
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        requests += message instanceof HttpRequest ? 1 : 0;
        context.fireChannelRead(message);
        if (requests == 2 && sent != null) {
            sent.trySuccess();
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The promise is the future, or is kept for later.
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent && requests == 1) {
            sent = promise;
            context.write(message);
        } else {
            context.write(message, promise);
        }
    }
}
