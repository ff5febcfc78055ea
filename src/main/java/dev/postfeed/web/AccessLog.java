package dev.postfeed.web;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.util.ForwardedHeaderUtils;

/**
 * A line for each request, once its answer has been sent or its connection has ended, whoever answered it. Reactor Netty's own has
 * none for an answer that was cut, which is how each stream of the feed ends.
 */
@Component
class AccessLog {

    static final String NAME = "dev.postfeed.access";

    /** Characters: a line that waits for the output is no larger than this allows, whatever a client sends. */
    private static final int LONGEST_TARGET = 2000;

    private static final int LONGEST_WORD = 200;
    private static final long NANOS_A_TENTH = 100_000;

    private static final AsciiString FORWARDED = AsciiString.cached("forwarded");
    private static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    private static final URI ANY = URI.create("/");

    private final Logger log;
    private final boolean behindProxy;

    @Autowired
    AccessLog(ServerProperties server, Environment environment) {
        this(LoggerFactory.getLogger(NAME), isBehindProxy(server.getForwardHeadersStrategy(), environment));
    }

    /** @param behindProxy whether the client is who {@code Forwarded} says it is */
    AccessLog(Logger log, boolean behindProxy) {
        this.log = log;
        this.behindProxy = behindProxy;
    }

    /** As Spring Boot decides it for what the service sees of a client. */
    private static boolean isBehindProxy(@Nullable ForwardHeadersStrategy strategy, Environment environment) {
        if (strategy != null) {
            return strategy != ForwardHeadersStrategy.NONE;
        }
        CloudPlatform platform = CloudPlatform.getActive(environment);
        return platform != null && platform.isUsingForwardHeaders();
    }

    /** Where it is not, connections are left as they are. */
    boolean isOn() {
        return log.isInfoEnabled();
    }

    /** @param whole whether all of the answer has been sent */
    void write(AccessedRequest request, Channel channel, boolean whole) {
        long nanos = System.nanoTime() - request.begin();
        String client = client(request, channel.remoteAddress());
        String method = LogText.of(request.method(), LONGEST_WORD);
        String target = LogText.of(request.target(), LONGEST_TARGET);
        String trace = TraceParent.traceId(request.header(TraceParent.NAME));
        CharSequence agentHeader = request.header(HttpHeaderNames.USER_AGENT);
        String agent = agentHeader == null ? null : LogText.of(agentHeader, LONGEST_WORD);
        Integer status = request.status() == 0 ? null : request.status();
        int query = target.indexOf('?');
        LoggingEventBuilder line = log.atInfo()
                .addKeyValue("client.ip", client)
                .addKeyValue("http.request.method", method)
                .addKeyValue("url.path", query < 0 ? target : target.substring(0, query))
                .addKeyValue("http.version", request.version())
                .addKeyValue("http.response.body.bytes", request.bytes())
                .addKeyValue("event.duration", nanos)
                .addKeyValue("event.outcome", whole && request.status() < 500 ? "success" : "failure")
                .addKeyValue("trace.id", trace);
        line = with(line, "url.query", query < 0 ? null : target.substring(query + 1));
        line = with(line, "http.response.status_code", status);
        line = with(line, "user_agent.original", agent);
        line.log(client + " \"" + method + ' ' + target + " HTTP/" + request.version() + "\" " + orDash(status) + ' '
                + request.bytes() + ' ' + millis(nanos) + "ms " + trace + " \"" + orDash(agent) + '"'
                + (whole ? "" : " cut"));
    }

    private static LoggingEventBuilder with(LoggingEventBuilder line, String key, @Nullable Object value) {
        return value == null ? line : line.addKeyValue(key, value);
    }

    private static Object orDash(@Nullable Object value) {
        return value == null ? "-" : value;
    }

    /** A stream may have taken a month. */
    static String millis(long nanos) {
        long tenths = nanos / NANOS_A_TENTH;
        return tenths / 10 + "." + tenths % 10;
    }

    private String client(AccessedRequest request, @Nullable SocketAddress peer) {
        String forwarded = behindProxy ? forwarded(request) : null;
        if (forwarded != null) {
            return forwarded;
        }
        return peer instanceof InetSocketAddress address ? address.getHostString() : "-";
    }

    /** The address that the proxy in front gives; null where that is none. */
    private static @Nullable String forwarded(AccessedRequest request) {
        HttpHeaders headers = new HttpHeaders();
        for (AsciiString name : new AsciiString[] {FORWARDED, FORWARDED_FOR}) {
            CharSequence value = request.header(name);
            if (value != null) {
                headers.set(name.toString(), value.toString());
            }
        }
        if (headers.isEmpty()) {
            return null;
        }
        try {
            InetSocketAddress client = ForwardedHeaderUtils.parseForwardedFor(ANY, headers, null);
            String host = client == null ? "" : client.getHostString().replaceAll("[\\[\\]]", "");
            // Not as it is written: a zone may be any text.
            InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
            return address == null ? null : NetUtil.toAddressString(address);
        } catch (IllegalArgumentException e) {
            return null; // A port that is none.
        }
    }
}
