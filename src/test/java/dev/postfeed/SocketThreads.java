package dev.postfeed;

import java.io.IOException;

/** Threads that work on sockets until these are closed, and keep no JVM alive. */
public final class SocketThreads {

    private SocketThreads() {}

    /** What ends by an exception once its socket is closed. */
    public interface Work {
        void run() throws IOException;
    }

    public static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // A socket was closed: this is done.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
