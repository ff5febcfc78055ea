package dev.postfeed.web;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.AsciiString;
import java.util.HashMap;
import java.util.Map;
import org.springframework.http.MediaType;

/**
 * What {@link NettyEdge} is to a connection of HTTP/2: between its frames and its streams, each of which is a request. How many
 * there are at once is the codec's to limit.
 */
final class Http2Edge extends ChannelDuplexHandler {

    private static final AsciiString CONTENT_TYPE_OPTIONS = AsciiString.cached("x-content-type-options");
    private static final AsciiString NO_SNIFF = AsciiString.cached("nosniff");

    private record Request(String method, String target) {}

    private final BareRefusals refusals;

    /** Requests whose answers have not ended, by the ids of their streams. */
    private final Map<Integer, Request> open = new HashMap<>();

    private Runnable atRest = () -> {};

    Http2Edge(BareRefusals refusals) {
        this.refusals = refusals;
    }

    /** Each time that the last request has ended. */
    void whenNothingIsOpen(Runnable action) {
        atRest = action;
    }

    boolean isBusy() {
        return !open.isEmpty();
    }

    /** A request that came by HTTP/1.1, and asked for its answer to be HTTP/2. */
    void upgraded() {
        open.put(1, new Request("", ""));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2HeadersFrame frame && frame.headers().path() != null) {
            Http2Headers headers = frame.headers();
            String target = RequestTarget.encode(headers.path().toString());
            headers.path(target);
            TraceParent.ensure(headers);
            open.put(frame.stream().id(), new Request(String.valueOf(headers.method()), target));
        } else if (message instanceof Http2ResetFrame frame) {
            ended(frame);
        }
        context.fireChannelRead(message);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The promise is the future.
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof Http2HeadersFrame frame && frame.headers().status() != null) {
            Http2Headers headers = frame.headers();
            int status = Integer.parseInt(headers.status().toString());
            HttpStatusClass kind = HttpStatusClass.valueOf(status);
            if (kind != HttpStatusClass.INFORMATIONAL) {
                headers.set(CONTENT_TYPE_OPTIONS, NO_SNIFF);
            }
            if (kind == HttpStatusClass.CLIENT_ERROR
                    && frame.isEndStream()
                    && !headers.contains(HttpHeaderNames.CONTENT_TYPE)) {
                writeProblem(context, frame, status, promise);
                return;
            }
        }
        if (message instanceof Http2StreamFrame frame && isEnd(frame)) {
            ended(frame);
        }
        context.write(message, promise);
    }

    private static boolean isEnd(Http2StreamFrame frame) {
        return frame instanceof Http2HeadersFrame headers && headers.isEndStream()
                || frame instanceof Http2DataFrame data && data.isEndStream()
                || frame instanceof Http2ResetFrame;
    }

    private void ended(Http2StreamFrame frame) {
        open.remove(frame.stream().id());
        if (open.isEmpty()) {
            atRest.run();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The promise is the future.
    private void writeProblem(
            ChannelHandlerContext context, Http2HeadersFrame bare, int status, ChannelPromise promise) {
        Request request = open.get(bare.stream().id());
        byte[] body = refusals.problem(status, request == null ? null : request.target());
        Http2Headers headers = bare.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        boolean isHead = request != null && request.method().equals("HEAD");
        ended(bare);
        if (isHead) {
            context.write(bare, promise);
            return;
        }
        context.write(new DefaultHttp2HeadersFrame(headers, false).stream(bare.stream()));
        context.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true).stream(bare.stream()), promise);
    }
}
