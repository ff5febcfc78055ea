package dev.postfeed.limits;

import dev.postfeed.web.LimitProperties;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.stereotype.Component;

/** Which addresses are one client's, and which are everybody's. */
@Component
class ClientAddresses {

    private static final Logger log = LoggerFactory.getLogger(ClientAddresses.class);

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

    /** As an address of the network; null where it is none: what a proxy says of its client is not looked up. */
    static @Nullable InetSocketAddress numeric(@Nullable InetSocketAddress address) {
        if (address == null || !address.isUnresolved()) {
            return address;
        }
        InetAddress parsed = NetUtil.createInetAddressFromIpAddressString(address.getHostString());
        return parsed == null ? null : new InetSocketAddress(parsed, address.getPort());
    }

    /** Whether no limit per address is for it. */
    boolean isExempt(InetSocketAddress address) {
        for (IpSubnetFilterRule network : exempt) {
            if (network.matches(address)) {
                return true;
            }
        }
        return false;
    }

    /** The same for all addresses that a client has: of IPv6 it has a network, of at least 2^64. */
    static long client(InetSocketAddress address) {
        byte[] bytes = address.getAddress().getAddress();
        return address.getAddress() instanceof Inet6Address
                ? ByteBuffer.wrap(bytes).getLong()
                // As of a mapped address (RFC 4291), where IPv6 has no networks.
                : 0xFFFF_0000_0000L
                        | Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt());
    }
}
