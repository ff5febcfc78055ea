package dev.postfeed.contract;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;

/**
 * Records what goes over the wire of a service that runs in this JVM, whatever client the test has. It is next to the
 * codec, so that it sees what the server refuses by itself, too.
 */
@Component
class ExchangeRecorder implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    /** Bytes that are kept of a body that has lines, and may have no end. */
    private static final int MOST_OF_A_STREAM = 64 * 1024;

    /** And of any other, more than a page may have. */
    private static final int MOST = 16 * 1024 * 1024;

    private static final Set<String> STREAMS =
            Set.of("application/x-ndjson", "application/jsonl", "text/csv", "text/event-stream");

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

        private @Nullable Answering answering;

        /** Whether the connection has ended: what is written then goes nowhere. */
        private boolean gone;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                // Copied, since the service changes it.
                asked.add(new Asked(
                        request.method().name(),
                        request.uri(),
                        headers(request.headers()),
                        request.decoderResult().isSuccess()));
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
                Asked request = asked.isEmpty() ? Asked.NOTHING : asked.remove();
                answering = new Answering(request, response.status().code(), headers(response.headers()));
            }
            Answering answer = answering;
            if (answer != null) {
                if (message instanceof ByteBuf bytes) {
                    answer.add(bytes);
                } else if (message instanceof ByteBufHolder holder) {
                    answer.add(holder.content());
                }
                if (message instanceof LastHttpContent) {
                    end(true);
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
            end(false);
            gone = true;
            context.fireChannelInactive();
        }

        private void end(boolean whole) {
            Answering answer = answering;
            answering = null;
            if (answer != null) {
                ContractChecker.submit(answer.exchange(whole));
            }
        }

        private static HttpHeaders headers(Iterable<java.util.Map.Entry<String, String>> netty) {
            HttpHeaders headers = new HttpHeaders();
            netty.forEach(header -> headers.add(header.getKey(), header.getValue()));
            return headers;
        }
    }

    /** The head of a request. */
    private record Asked(String method, String target, HttpHeaders headers, boolean readable) {

        static final Asked NOTHING = new Asked("GET", "/bad-request", new HttpHeaders(), false);
    }

    private static final class Answering {

        private final Asked request;
        private final int status;
        private final HttpHeaders headers;
        private final int most;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
        private boolean tooLong;

        Answering(Asked request, int status, HttpHeaders headers) {
            this.request = request;
            this.status = status;
            this.headers = headers;
            this.most = STREAMS.contains(String.valueOf(Exchange.mediaType(headers))) ? MOST_OF_A_STREAM : MOST;
        }

        void add(ByteBuf bytes) {
            int length = Math.min(bytes.readableBytes(), most - body.size());
            tooLong |= length < bytes.readableBytes();
            try {
                bytes.getBytes(bytes.readerIndex(), body, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Exchange exchange(boolean whole) {
            return new Exchange(
                    request.method,
                    request.target,
                    request.headers,
                    request.readable,
                    status,
                    headers,
                    body.toByteArray(),
                    whole && !tooLong);
        }
    }
}
