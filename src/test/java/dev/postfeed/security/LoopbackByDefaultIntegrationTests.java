package dev.postfeed.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postfeed.PostfeedTest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

@PostfeedTest
@TestPropertySource(properties = "server.address=")
@DirtiesContext
class LoopbackByDefaultIntegrationTests {

    @LocalServerPort
    int port;

    @Test
    void aBlankAddressIsLoopbackAndNotAllInterfaces() throws IOException {
        try (Socket socket = connect("127.0.0.1")) {
            assertThat(socket.isConnected()).isTrue();
        }
        // Another address of this very machine: who listens on all of them listens on this one too.
        assertThatThrownBy(() -> connect("127.0.0.2").close()).isInstanceOf(ConnectException.class);
    }

    private Socket connect(String address) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getByName(address), port), 2000);
        return socket;
    }
}
