package dev.postfeed.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postfeed.web.LimitProperties;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

class ClientAddressesTests {

    private static ClientAddresses exempting(String... exempt) {
        return new ClientAddresses(new LimitProperties(1, 0, 0, List.of(exempt), 1, 0, Duration.ofSeconds(1)));
    }

    private static InetSocketAddress address(String numeric) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(numeric), 1234);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "127.255.3.4, true",
        "128.0.0.1, false",
        "::1, true",
        "::2, false",
        "::ffff:127.0.0.1, true",
        "192.0.2.7, true",
        "192.0.2.8, false",
        "2001:db8:1:2::3, true",
        "2001:db9::, false"
    })
    void networksAndSingleAddressesAreExempt(String numeric, boolean isExempt) throws UnknownHostException {
        ClientAddresses addresses = exempting("127.0.0.0/8", "::1", " 192.0.2.7", "2001:db8::/32");
        assertThat(addresses.client(address(numeric)) == null).isEqualTo(isExempt);
    }

    @Test
    void thereMayBeNone() throws UnknownHostException {
        assertThat(exempting("none").client(address("127.0.0.1"))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/x", "10.0.0.0/8/8"})
    void whatIsNoNetworkIsRefused(String written) {
        assertThatThrownBy(() -> exempting(written))
                .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                .hasMessageContaining("postfeed.limits.exempt-addresses")
                .hasMessageContaining(written);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "192.0.2.7, ::ffff:192.0.2.7, true",
        "2001:db8::1, 2001:db8::ffff:1, true",
        "2001:db8::1, 2001:db8:0:1::1, false",
        "0.0.0.0, ::, false"
    })
    void aClientOfIpv6HasANetwork(String one, String other, boolean isSame) throws UnknownHostException {
        assertThat(ClientAddresses.client(InetAddress.getByName(one))
                        == ClientAddresses.client(InetAddress.getByName(other)))
                .isEqualTo(isSame);
    }

    /** As Netty makes one of text: an IPv6 address of IPv4 stays one. */
    @Test
    void aMappedAddressIsTheIpv4Address() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, 7};
        InetAddress ipv6 = Inet6Address.getByAddress(null, mapped, -1);
        assertThat(ipv6).isInstanceOf(Inet6Address.class);
        assertThat(ClientAddresses.client(ipv6)).isEqualTo(ClientAddresses.client(InetAddress.getByName("192.0.2.7")));
    }
}
