package dev.postfeed.limits;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.postfeed.web.LimitProperties;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import java.lang.management.ManagementFactory;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * How many connections there are, in all and of an address. One more is closed before a byte of it is read: it costs no handshake, and
 * no answer.
 */
@Component
class ConnectionLimit implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final Logger log = LoggerFactory.getLogger(ConnectionLimit.class);

    /** At least: jars, and the connections to the database. */
    private static final int OTHER_FILES = 128;

    private final ClientAddresses addresses;
    private final int most;
    private final int mostOfAddress;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<Long, Integer> openOfAddress = new ConcurrentHashMap<>();
    private final Counter refused;
    private final Counter refusedOfAddress;

    ConnectionLimit(LimitProperties limits, ClientAddresses addresses, MeterRegistry metrics) {
        this.addresses = addresses;
        this.most = most(limits.connections());
        this.mostOfAddress = limits.connectionsPerAddress();
        Gauge.builder("postfeed.connections.open", open, AtomicInteger::get)
                .description("Connections of clients")
                .register(metrics);
        this.refused = refused(metrics, "all");
        this.refusedOfAddress = refused(metrics, "address");
    }

    private static Counter refused(MeterRegistry metrics, String limit) {
        return Counter.builder("postfeed.connections.refused")
                .description("Connections that were closed at once, since there were too many")
                .tag("limit", limit)
                .register(metrics);
    }

    /** Without a file to open nobody could be let in, and the database not be connected to. */
    private static int most(int wanted) {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return wanted;
        }
        long files = system.getMaxFileDescriptorCount();
        long left = Math.max(1, Math.min(files / 10 * 9, files - OTHER_FILES));
        if (files <= 0 || wanted <= left) {
            return wanted;
        }
        log.info("{} connections of clients are accepted: the process may open {} files", left, files);
        return (int) left;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit((observer, channel, address) -> admit(channel)));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for it.
    private void admit(Channel channel) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            refused.increment();
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        Long client = mostOfAddress > 0 ? addresses.client(channel.remoteAddress()) : null;
        if (client != null) {
            admit(channel, client);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for it.
    private void admit(Channel channel, long client) {
        int those = openOfAddress.merge(client, 1, Integer::sum);
        channel.closeFuture()
                .addListener(closed -> openOfAddress.computeIfPresent(client, (c, n) -> n == 1 ? null : n - 1));
        if (those > mostOfAddress) {
            refusedOfAddress.increment();
            channel.close();
        }
    }
}
