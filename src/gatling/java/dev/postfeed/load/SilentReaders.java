package dev.postfeed.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Clients that ask for a stream and never read it, which those of Gatling cannot be. */
final class SilentReaders implements AutoCloseable {

    /** Bytes that the kernel takes for them; the least it has. */
    private static final int RECEIVE_BUFFER = 1;

    private final List<Socket> sockets = new ArrayList<>();

    void ask(int readers, URI service, String path) {
        if (!service.getScheme().equals("http")) {
            return; // TLS would have to be read
        }
        int port = service.getPort() < 0 ? 80 : service.getPort();
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + service.getAuthority()
                + "\r\nAccept: application/x-ndjson\r\n\r\n";
        try {
            for (int i = 0; i < readers; i++) {
                Socket socket = new Socket();
                sockets.add(socket);
                socket.setReceiveBufferSize(RECEIVE_BUFFER);
                socket.connect(new InetSocketAddress(service.getHost(), port), 5_000);
                socket.getOutputStream().write(request.getBytes(US_ASCII));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
