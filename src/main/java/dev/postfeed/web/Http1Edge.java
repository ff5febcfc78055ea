package dev.postfeed.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import reactor.netty.channel.ChannelOperations;

/**
 * What {@link NettyEdge} is to a connection of HTTP/1.1. Reactor Netty takes requests from it in turn, however many a client sends
 * before it reads.
 */
final class Http1Edge extends ChannelDuplexHandler {

    /** Requests that a client may have sent before the first of them is answered. */
    private static final int MOST_PIPELINED = 100;

    private static final int MOST_WAITING_BYTES = 2 * 1024 * 1024;

    /**
     * On every answer, whoever wrote it: a browser takes it for what it says it is, and never for markup. Constants of
     * Netty's own kind, which are hashed and encoded once: some hundredth of a microsecond a request.
     */
    private static final AsciiString CONTENT_TYPE_OPTIONS = AsciiString.cached("X-Content-Type-Options");

    private static final AsciiString NO_SNIFF = AsciiString.cached("nosniff");

    private final BareRefusals refusals;

    /** Requests without an answer yet, in order: HTTP/1.1 clients may send several before they read. */
    private final Queue<HttpRequest> unanswered = new ArrayDeque<>();

    /** Whether an answer has begun and not ended. */
    private boolean answering;

    /** Bytes of bodies that wait behind an answer, which may have no end. */
    private long waitingBytes;

    /** A request line or headers that are broken, while the request before has not ended; none follows it. */
    private @Nullable HttpRequest broken;

    Http1Edge(BareRefusals refusals) {
        this.refusals = refusals;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            request.setUri(RequestTarget.encode(request.uri()));
            TraceParent.ensure(request.headers());
            unanswered.add(request);
        }
        // A request line or headers that are broken are a whole request, which Reactor Netty refuses by itself.
        boolean brokenBody = !(message instanceof HttpRequest)
                && message instanceof HttpContent content
                && content.decoderResult().isFailure();
        if (brokenBody) {
            // Reactor Netty would end the body, and an answer that has begun, as if both were whole.
            ReferenceCountUtil.release(message);
            if (unanswered.size() + (answering ? 1 : 0) > 1) {
                context.close(); // Its request waits behind others, and could not be told by an error.
                return;
            }
            context.fireExceptionCaught(
                    new Problem(ProblemType.BAD_REQUEST, "the body breaks off in a chunk that is none"));
            return;
        }
        if (isTooMuchBehind(message)) {
            ReferenceCountUtil.release(message);
            context.close(); // Reactor Netty would keep all of it until the answer before has ended.
            return;
        }
        if (message instanceof HttpRequest request && request.decoderResult().isFailure()) {
            broken = request;
            passBroken(context);
            return;
        }
        context.fireChannelRead(message);
    }

    /** One of these events, which Reactor Netty keeps for itself, tells that a request has ended. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        context.fireUserEventTriggered(event);
        if (broken != null) {
            context.executor().execute(() -> passBroken(context)); // It ends only after the event.
        }
    }

    /**
     * Reactor Netty refuses it by the answer of the request before, if that is sent but has not ended: it would be
     * lost, and the client wait for ever. Requests that are whole wait by themselves (reactor-netty #4188).
     */
    private void passBroken(ChannelHandlerContext context) {
        HttpRequest request = broken;
        if (request != null && ChannelOperations.get(context.channel()) == null) {
            broken = null;
            context.fireChannelRead(request);
        }
    }

    private boolean isTooMuchBehind(Object message) {
        int requests = unanswered.size() + (answering ? 1 : 0);
        waitingBytes = requests < 2
                ? 0
                : waitingBytes
                        + (message instanceof HttpContent content
                                ? content.content().readableBytes()
                                : 0);
        return requests > MOST_PIPELINED || waitingBytes > MOST_WAITING_BYTES;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The promise is the future.
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean isFinal = message instanceof HttpResponse response
                && !response.status().codeClass().equals(HttpStatusClass.INFORMATIONAL);
        HttpRequest request = isFinal ? unanswered.poll() : null;
        answering = !(message instanceof LastHttpContent) && (isFinal || answering);
        boolean bare = message instanceof FullHttpResponse response
                && response.status().codeClass().equals(HttpStatusClass.CLIENT_ERROR)
                && !response.headers().contains(HttpHeaderNames.CONTENT_TYPE);
        Object answer = bare ? withProblem((FullHttpResponse) message, request) : message;
        if (isFinal) {
            ((HttpResponse) answer).headers().set(CONTENT_TYPE_OPTIONS, NO_SNIFF);
        }
        context.write(answer, promise);
    }

    private FullHttpResponse withProblem(FullHttpResponse bare, @Nullable HttpRequest request) {
        ByteBuf body =
                Unpooled.wrappedBuffer(refusals.problem(bare.status().code(), request == null ? null : request.uri()));
        FullHttpResponse response = new DefaultFullHttpResponse(
                bare.protocolVersion(),
                bare.status(),
                request != null && request.method().equals(HttpMethod.HEAD) ? Unpooled.EMPTY_BUFFER : body,
                bare.headers().copy(),
                bare.trailingHeaders().copy());
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        ReferenceCountUtil.release(bare);
        return response;
    }
}
