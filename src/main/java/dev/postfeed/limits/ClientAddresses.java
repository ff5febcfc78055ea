package dev.postfeed.limits;

import dev.postfeed.web.ClientConnection;
import dev.postfeed.web.LimitProperties;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Which addresses are one client's, and which are everybody's. An address is exempt where the connection comes from it; one that a
 * header claims never is.
 */
@Component
class ClientAddresses {

    private static final Logger log = LoggerFactory.getLogger(ClientAddresses.class);

    /** Of an IPv6 address that is one of IPv4 (RFC 4291): 80 bits of zeros, 16 of ones. */
    private static final int MAPPED = 12;

    private final List<IpSubnetFilterRule> exempt;

    ClientAddresses(LimitProperties limits) {
        this.exempt = limits.exemptAddresses().stream()
                .map(String::strip)
                .filter(written -> !written.equals("none"))
                .map(ClientAddresses::network)
                .toList();
    }

    private static IpSubnetFilterRule network(String written) {
        String[] parts = written.split("/", 2);
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(parts[0]);
        try {
            if (address != null) {
                int bits = parts.length == 2 ? Integer.parseInt(parts[1]) : address.getAddress().length * 8;
                return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
            }
        } catch (IllegalArgumentException e) {
            log.debug("{} is no network", written, e);
        }
        throw new InvalidConfigurationPropertyValueException(
                "postfeed.limits.exempt-addresses",
                written,
                "must be addresses or networks, separated by commas, such as 192.0.2.7,10.0.0.0/8,2001:db8::/32, or none");
    }

    /** The client of a connection; null where it is exempt. */
    @Nullable
    Long client(@Nullable SocketAddress peer) {
        if (!(peer instanceof InetSocketAddress address) || address.isUnresolved()) {
            return null;
        }
        for (IpSubnetFilterRule network : exempt) {
            if (network.matches(address)) {
                return null;
            }
        }
        return client(address.getAddress());
    }

    /**
     * The client of a request; null where it is exempt. Behind a proxy it is who the proxy's header names, as far as Spring Boot has been
     * told to believe it, and where that is no address the proxy itself.
     */
    @Nullable
    Long client(ServerWebExchange exchange) {
        SocketAddress peer = ClientConnection.channel(exchange.getResponse()).remoteAddress();
        InetSocketAddress claimed = exchange.getRequest().getRemoteAddress();
        if (claimed == null || claimed.equals(peer)) {
            return client(peer);
        }
        InetAddress address = claimed.isUnresolved()
                ? NetUtil.createInetAddressFromIpAddressString(claimed.getHostString())
                : claimed.getAddress();
        if (address == null && peer instanceof InetSocketAddress proxy) {
            address = proxy.getAddress();
        }
        return address == null ? null : Long.valueOf(client(address));
    }

    /** The same for all addresses that a client has: of IPv6 it has a network, of at least 2^64. */
    static long client(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        boolean isMapped = address instanceof Inet6Address && bytes.getLong(0) == 0 && bytes.getInt(8) == 0xFFFF;
        if (address instanceof Inet6Address && !isMapped) {
            return bytes.getLong(0);
        }
        // As of a mapped address, where IPv6 has no networks.
        return 0xFFFF_0000_0000L | Integer.toUnsignedLong(bytes.getInt(isMapped ? MAPPED : 0));
    }
}
