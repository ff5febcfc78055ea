package dev.postfeed.contract;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;

/**
 * Records what goes over the wire of a service that runs in this JVM, whatever client the test has. It is next to the
 * codec, so that it sees what the server refuses by itself, too; not the live events of a feed, which are written below it.
 */
@Component
class ExchangeRecorder implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit((observer, channel, address) -> {
            if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
                channel.pipeline().addAfter(NettyPipeline.HttpCodec, "postfeed.recorder", new Handler());
            }
        }));
    }

    private static final class Handler extends ChannelDuplexHandler {

        /** Requests without an answer yet, in order. */
        private final Queue<Asked> asked = new ArrayDeque<>();

        /** The last of the requests: what is read is of its body. */
        private @Nullable Asked asking;

        private @Nullable Answering answering;

        /** Whether the connection has ended: what is written then goes nowhere. */
        private boolean gone;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                asking = new Asked(
                        request.method().name(),
                        request.uri(),
                        request.decoderResult().isSuccess(),
                        new RecordedMessage(request.headers()));
                asked.add(asking);
            }
            if (asking != null) {
                asking.request.add(message);
            }
            context.fireChannelRead(message);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // The promise is the future.
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (!gone
                    && context.channel().isActive()
                    && message instanceof HttpResponse response
                    && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
                Asked request = asked.isEmpty() ? Asked.nothing() : asked.remove();
                answering = new Answering(request, response.status().code(), new RecordedMessage(response.headers()));
            }
            if (answering != null) {
                answering.answer.add(message);
                if (answering.answer.ended()) {
                    end();
                }
            }
            // What is recorded is recorded before the client can see the end of it: a test may ask for it at once.
            context.write(message, promise);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            gone |= failure instanceof IOException;
            context.fireExceptionCaught(failure);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            end();
            gone = true;
            context.fireChannelInactive();
        }

        private void end() {
            Answering answer = answering;
            answering = null;
            if (answer != null) {
                ContractChecker.submit(answer.exchange());
            }
        }
    }

    private record Asked(String method, String target, boolean readable, RecordedMessage request) {

        static Asked nothing() {
            return new Asked("GET", "/bad-request", false, new RecordedMessage(List.of()));
        }
    }

    private record Answering(Asked asked, int status, RecordedMessage answer) {

        Exchange exchange() {
            return new Exchange(
                    asked.method, asked.target, asked.request.message(), asked.readable, status, answer.message());
        }
    }
}
