package dev.postfeed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A way to a TCP server that can go silent: connections that are opened meanwhile are taken, and nobody ever answers,
 * as behind a load balancer whose server hangs. Those that are opened before or after are passed through, until they are
 * cut.
 */
public final class SilentProxy implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile boolean silent;
    private volatile int cuts;

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

    /**
     * From now on, whatever is sent either way on the connections that there are is lost, and none of them is closed:
     * as when a network is parted, and does not know them any more when it is whole again.
     */
    public void cut() {
        cuts++;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = keep(server.accept());
            if (!silent) {
                int opened = cuts;
                Socket database = keep(new Socket(InetAddress.getLoopbackAddress(), target));
                SocketThreads.start(() -> pass(client, database, opened));
                SocketThreads.start(() -> pass(database, client, opened));
            }
        }
    }

    private void pass(Socket from, Socket to, int opened) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        InputStream in = from.getInputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            if (cuts == opened) {
                to.getOutputStream().write(buffer, 0, read);
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
