package dev.postfeed.page;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postfeed.SocketThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/**
 * A way to a TCP server that can be cut: open connections are reset, and new ones refused, until it is mended. It can also
 * lose requests, of which neither side is told.
 */
final class CutNetwork implements AutoCloseable {

    private static final Duration LONGEST_BIND = Duration.ofSeconds(10);

    private final int target;
    private final int port;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile ServerSocket server;
    private volatile Predicate<String> lost = request -> false;

    CutNetwork(int target) {
        this.target = target;
        this.server = listen(0);
        this.port = server.getLocalPort();
        SocketThreads.start(() -> accept(server));
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    void cut() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            reset(socket);
        }
    }

    /** So that the other end does not take it for the end of an answer. */
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // One end has closed it before.
        }
    }

    /** From now on these are taken and never answered; others are passed on. */
    void lose(Predicate<String> requests) {
        lost = requests;
    }

    void mend() throws InterruptedException {
        ServerSocket mended = listenAgain();
        server = mended;
        SocketThreads.start(() -> accept(mended));
    }

    /** Meanwhile a connection to elsewhere can have been given this port. */
    private ServerSocket listenAgain() throws InterruptedException {
        long end = System.nanoTime() + LONGEST_BIND.toNanos();
        while (true) {
            try {
                return listen(port);
            } catch (UncheckedIOException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }

    private static ServerSocket listen(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket listening) throws IOException {
        while (true) {
            Socket browser = listening.accept();
            Socket service = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(browser);
            sockets.add(service);
            if (listening.isClosed()) {
                browser.close(); // Cut meanwhile: nobody else would.
                service.close();
            }
            SocketThreads.start(() -> ask(browser, service));
            SocketThreads.start(() -> answer(service, browser));
        }
    }

    /** What a browser sends at once begins with a request, or goes on with one. */
    private void ask(Socket browser, Socket service) throws IOException {
        try (browser;
                service) {
            byte[] bytes = new byte[64 * 1024];
            for (int size = browser.getInputStream().read(bytes);
                    size >= 0;
                    size = browser.getInputStream().read(bytes)) {
                if (!lost.test(new String(bytes, 0, size, ISO_8859_1))) {
                    service.getOutputStream().write(bytes, 0, size);
                }
            }
        }
    }

    private static void answer(Socket service, Socket browser) throws IOException {
        try (service;
                browser) {
            service.getInputStream().transferTo(browser.getOutputStream());
        }
    }

    @Override
    public void close() {
        cut();
    }
}
