package dev.postfeed.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.util.HashMap;
import java.util.Map;

/** Tells {@link AccessLog} of the requests of a connection of HTTP/2, from below {@link Http2Edge}. */
final class Http2Access extends ChannelDuplexHandler {

    private final AccessLog log;

    /** Requests whose answers have not ended, by the ids of their streams. */
    private final Map<Integer, AccessedRequest> open = new HashMap<>();

    Http2Access(AccessLog log) {
        this.log = log;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2HeadersFrame frame && frame.headers().path() != null) {
            open.put(frame.stream().id(), AccessedRequest.of(frame.headers()));
        } else if (message instanceof Http2ResetFrame frame) {
            cut(context, frame);
        }
        context.fireChannelRead(message);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The promise is the future.
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        AccessedRequest request = message instanceof Http2StreamFrame frame && frame.stream() != null
                ? open.get(frame.stream().id())
                : null;
        if (request == null || !isEnd(message, request)) {
            if (message instanceof Http2ResetFrame frame) {
                cut(context, frame);
            }
            context.write(message, promise);
            return;
        }
        open.remove(((Http2StreamFrame) message).stream().id());
        Channel channel = context.channel();
        context.write(message, promise.unvoid())
                .addListener(written -> log.write(request, channel, written.isSuccess()));
    }

    /** Takes note of a part of the answer; whether it is the last. */
    private static boolean isEnd(Object message, AccessedRequest request) {
        if (message instanceof Http2HeadersFrame frame) {
            CharSequence status = frame.headers().status();
            if (status != null && HttpStatusClass.valueOf(status) != HttpStatusClass.INFORMATIONAL) {
                request.answered(Integer.parseInt(status.toString()));
            }
            return frame.isEndStream();
        }
        if (message instanceof Http2DataFrame frame) {
            request.sent(frame.content().readableBytes());
            return frame.isEndStream();
        }
        return false;
    }

    private void cut(ChannelHandlerContext context, Http2StreamFrame frame) {
        AccessedRequest request = open.remove(frame.stream().id());
        if (request != null) {
            log.write(request, context.channel(), false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        context.fireChannelInactive();
        for (AccessedRequest request : open.values()) {
            log.write(request, context.channel(), false);
        }
        open.clear();
    }
}
