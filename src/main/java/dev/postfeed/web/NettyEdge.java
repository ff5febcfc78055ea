package dev.postfeed.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.handler.codec.http.HttpServerUpgradeHandler.UpgradeEvent;
import io.netty.handler.codec.http2.CleartextHttp2ServerUpgradeHandler.PriorKnowledgeUpgradeEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.json.JsonMapper;

/**
 * The part of the HTTP edge that lies below WebFlux: targets become URIs, what the server refuses by itself (a request
 * line or headers too long, or not HTTP at all) is answered by a problem instead of an empty body, no answer is to be
 * sniffed at, and connections that rest, or whose other end has vanished, are closed. With TLS there is HTTP/2.
 */
@Component
class NettyEdge implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    /** Who has acknowledged nothing of what was sent for this long has gone, though nobody said so. */
    private static final Duration USER_TIMEOUT = Duration.ofSeconds(60);

    /** Bytes: as many as a request line and the headers of HTTP/1.1 may have. */
    private static final int MOST_HEADERS = (16 + 8) * 1024;

    /** Requests at once on a connection of HTTP/2, which sets no bound by itself. */
    private static final int MOST_STREAMS = 100;

    private static final String ACCESS = "postfeed.access";
    private static final String EDGE = "postfeed.edge";
    private static final String IDLE = "postfeed.idle";
    private static final String PROTOCOL = "postfeed.protocol";

    private final BareRefusals refusals;
    private final AccessLog accessLog;
    private final Duration idleTimeout;
    private final boolean http2IsSet;

    /** @param idleTimeout how long a connection is kept on which no request is under way; zero for ever */
    NettyEdge(
            JsonMapper json,
            AccessLog accessLog,
            @Value("${server.netty.idle-timeout:60s}") Duration idleTimeout,
            Environment environment) {
        this.refusals = new BareRefusals(json);
        this.accessLog = accessLog;
        this.idleTimeout = idleTimeout;
        this.http2IsSet = environment.containsProperty("server.http2.enabled");
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        if (Ssl.isEnabled(factory.getSsl()) && !http2IsSet) {
            // Over HTTP/1.1 a browser has six connections to a host, and a tab of the feed holds one.
            Http2 http2 = new Http2();
            http2.setEnabled(true);
            factory.setHttp2(http2);
        }
        factory.addServerCustomizers(this::customize);
    }

    private HttpServer customize(HttpServer server) {
        HttpServer edged = server.http2Settings(
                        settings -> settings.maxHeaderListSize(MOST_HEADERS).maxConcurrentStreams(MOST_STREAMS))
                .doOnChannelInit((observer, channel, address) -> addTo(channel));
        return Epoll.isAvailable()
                ? edged.childOption(EpollChannelOption.TCP_USER_TIMEOUT, (int) USER_TIMEOUT.toMillis())
                : edged;
    }

    private void addTo(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.get(NettyPipeline.HttpTrafficHandler) != null) {
            addHttp1(pipeline);
        }
        boolean isKnown =
                pipeline.get(NettyPipeline.HttpCodec) != null && pipeline.get(NettyPipeline.SslHandler) == null;
        if (!isKnown) {
            pipeline.addBefore(NettyPipeline.ReactiveBridge, PROTOCOL, new Protocol());
        }
    }

    private void addHttp1(ChannelPipeline pipeline) {
        if (!idleTimeout.isZero()) {
            pipeline.addBefore(NettyPipeline.HttpTrafficHandler, IDLE, new IdleTimeout(idleTimeout, NettyEdge::isBusy));
        }
        if (accessLog.isOn()) {
            pipeline.addBefore(NettyPipeline.HttpTrafficHandler, ACCESS, new Http1Access(accessLog));
        }
        pipeline.addBefore(NettyPipeline.HttpTrafficHandler, EDGE, new Http1Edge(refusals));
    }

    /** An answer that is written may not have been sent. */
    private static boolean isBusy(Channel connection) {
        return ChannelOperations.get(connection) != null;
    }

    private Http2Edge addHttp2(ChannelPipeline pipeline) {
        for (String name : new String[] {IDLE, ACCESS, EDGE}) {
            if (pipeline.get(name) != null) {
                pipeline.remove(name); // The connection began as one of HTTP/1.1.
            }
        }
        Http2Edge edge = new Http2Edge(refusals);
        if (accessLog.isOn()) {
            pipeline.addBefore(NettyPipeline.H2MultiplexHandler, ACCESS, new Http2Access(accessLog));
        }
        pipeline.addBefore(NettyPipeline.H2MultiplexHandler, EDGE, edge);
        if (!idleTimeout.isZero()) {
            IdleTimeout idle = new IdleTimeout(idleTimeout, connection -> edge.isBusy());
            edge.whenNothingIsOpen(idle::rests);
            pipeline.addBefore(EDGE, IDLE, idle);
        }
        return edge;
    }

    /** Waits until client and server have agreed on a protocol, and Reactor Netty has made its pipeline. */
    private final class Protocol extends ChannelInboundHandlerAdapter {

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent
                    || event instanceof PriorKnowledgeUpgradeEvent
                    || event instanceof UpgradeEvent) {
                ChannelPipeline pipeline = context.pipeline();
                if (pipeline.get(NettyPipeline.H2MultiplexHandler) != null) {
                    Http2Edge edge = addHttp2(pipeline);
                    if (event instanceof UpgradeEvent) {
                        edge.upgraded();
                    }
                } else if (pipeline.get(NettyPipeline.HttpTrafficHandler) != null && pipeline.get(EDGE) == null) {
                    addHttp1(pipeline);
                }
                pipeline.remove(this);
            }
            context.fireUserEventTriggered(event);
        }
    }
}
