package dev.postfeed.limits;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import dev.postfeed.web.Await;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

/** On Linux all of 127.0.0.0/8 is this machine: clients of several addresses. */
@PostfeedTest
@EnabledOnOs(value = OS.LINUX, disabledReason = "others have one loopback address")
@Covers(Fault.CLIENTS_SLOW)
@TestPropertySource(
        properties = {
            "postfeed.limits.connections=8",
            "postfeed.limits.connections-per-address=3",
            "postfeed.limits.exempt-addresses=127.0.0.1"
        })
class ConnectionLimitIntegrationTests {

    private static final String EXEMPT = "127.0.0.1";
    private static final String CLIENT = "127.0.0.2";
    private static final String OTHER_CLIENT = "127.0.0.3";

    private final List<Socket> open = new ArrayList<>();

    @LocalServerPort
    int port;

    @Autowired
    MeterRegistry metrics;

    @AfterEach
    void closeAll() throws Exception {
        for (Socket socket : open) {
            socket.close();
        }
        Await.until(() -> opened() == 0);
    }

    private double opened() {
        return metrics.get("postfeed.connections.open").gauge().value();
    }

    private double refused(String limit) {
        return metrics.get("postfeed.connections.refused")
                .tag("limit", limit)
                .counter()
                .count();
    }

    private Socket connect(String from) throws IOException {
        Socket socket = new Socket("127.0.0.1", port, InetAddress.getByName(from), 0);
        socket.setSoTimeout(10_000);
        open.add(socket);
        return socket;
    }

    /** Whether a request on it is answered; if not, it has been closed. */
    private static boolean isServed(Socket socket) throws IOException {
        try {
            socket.getOutputStream().write("HEAD /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
            byte[] head = new byte[12];
            int length = socket.getInputStream().readNBytes(head, 0, head.length);
            if (length == 0) {
                return false;
            }
            socket.getInputStream().skipNBytes(socket.getInputStream().available());
            assertThat(new String(head, ISO_8859_1)).isEqualTo("HTTP/1.1 200");
            return true;
        } catch (java.net.SocketException e) {
            return false; // Closed before the request was there.
        }
    }

    @Test
    void oneMoreOfAnAddressIsClosedUntilOneHasGone() throws Exception {
        double before = refused("address");
        for (int i = 0; i < 3; i++) {
            assertThat(isServed(connect(CLIENT))).isTrue();
        }
        for (int round = 1; round <= 3; round++) {
            assertThat(isServed(connect(CLIENT))).isFalse();
            assertThat(refused("address") - before).isEqualTo(round);
            assertThat(isServed(connect(OTHER_CLIENT))).as("another client").isTrue();
            open.remove(open.size() - 1).close();

            Await.until(() -> opened() == 3);
            open.remove(0).close();
            Await.until(() -> opened() == 2);
            assertThat(isServed(connect(CLIENT))).isTrue();
        }
    }

    @Test
    void oneMoreInAllIsClosedUntilOneHasGoneWhateverItsAddress() throws Exception {
        double before = refused("all");
        for (int i = 0; i < 8; i++) {
            assertThat(isServed(connect(EXEMPT))).as("an exempt address").isTrue();
        }
        assertThat(isServed(connect(EXEMPT))).isFalse();
        assertThat(isServed(connect(OTHER_CLIENT))).isFalse();
        assertThat(refused("all") - before).isEqualTo(2);
        open.remove(0).close();
        Await.until(() -> opened() == 7);
        assertThat(isServed(connect(OTHER_CLIENT))).isTrue();
    }
}
