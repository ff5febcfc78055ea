package dev.postfeed.web;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * How much of this node clients may take. An address is one of IPv4, or a /64 of IPv6, which is what one client has.
 *
 * @param connections open at once, one more is closed at once; 1 to 1,000,000, default 16,384, and never more than nine tenths
 *     of the files that the process may open
 * @param connectionsPerAddress of these; 0 (no limit) to 1,000,000, default 1,024
 * @param writesPerAddress requests that change something, a second, and as many at once after a pause; one more is a 429;
 *     0 (no limit) to 1,000,000, default 1,000. An array, or an upload of lines, is one of them
 * @param exemptAddresses networks that no limit per address is for, such as {@code 10.0.0.0/8}, or single addresses, or {@code none}: proxies that
 *     everybody comes by. Default this machine, {@code 127.0.0.0/8} and {@code ::1}
 * @param streams of lines and CSV, out and in together, open at once, one more gets 503; 1 to 1,000,000, default 1,000. The
 *     feed has a limit of its own
 * @param streamsPerAddress of an address, those of the feed among them, one more gets 503; 0 (no limit) to 1,000,000, default 256
 * @param bodyTimeout the longest wait for a body that is read as a whole, and within an upload for its next bytes while nothing of
 *     it is being written, then 408; a number without a unit is in seconds; 1 s to 1 h, default 60 s
 */
@ConfigurationProperties("postfeed.limits")
public record LimitProperties(
        @DefaultValue("16384") Integer connections,
        @DefaultValue("1024") Integer connectionsPerAddress,
        @DefaultValue("1000") Integer writesPerAddress,
        @DefaultValue({"127.0.0.0/8", "::1"}) List<String> exemptAddresses,
        @DefaultValue("1000") Integer streams,
        @DefaultValue("256") Integer streamsPerAddress,

        @DefaultValue("60s") @DurationUnit(ChronoUnit.SECONDS)
        Duration bodyTimeout) {

    public LimitProperties {
        require("connections", connections, 1);
        require("connections-per-address", connectionsPerAddress, 0);
        require("writes-per-address", writesPerAddress, 0);
        require("streams", streams, 1);
        require("streams-per-address", streamsPerAddress, 0);
        Bounds.require(
                "postfeed.limits.body-timeout", bodyTimeout, Duration.ofSeconds(1), Duration.ofHours(1), "1s to 1h");
    }

    private static void require(String name, int value, int least) {
        Bounds.require("postfeed.limits." + name, value, least, 1_000_000, "an integer from " + least + " to 1000000");
    }
}
