package dev.postfeed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A way to a TCP server that can go silent: connections that are opened meanwhile are taken, and nobody ever answers,
 * as behind a load balancer whose server hangs. Those that are opened before or after are passed through.
 */
public final class SilentProxy implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile boolean silent;

    public SilentProxy(int target) throws IOException {
        this.target = target;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SocketThreads.start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    public void silence(boolean silent) {
        this.silent = silent;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = keep(server.accept());
            if (!silent) {
                Socket database = keep(new Socket(InetAddress.getLoopbackAddress(), target));
                SocketThreads.start(() -> client.getInputStream().transferTo(database.getOutputStream()));
                SocketThreads.start(() -> database.getInputStream().transferTo(client.getOutputStream()));
            }
        }
    }

    private Socket keep(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
