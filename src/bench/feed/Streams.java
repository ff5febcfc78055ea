import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Streams of one node's feed, all read by one thread; or, once they have begun, not read at all. */
final class Streams implements Closeable {

    private static final Duration OPEN_WAIT = Duration.ofSeconds(120);

    private static final Duration LAST_WAIT = Duration.ofSeconds(30);

    /** Connections that are being opened at a time: fewer than a listening socket queues. */
    private static final int OPENING = 100;

    /** Below the ephemeral ports of one source address. */
    private static final int PER_ADDRESS = 10_000;

    private static final int SMALL_BUFFER = 4096;

    private final URI node;
    private final int count;
    private final boolean silent;
    private final FeedStream.Receiver receiver;
    private final Selector selector = Selector.open();
    private final List<FeedStream> streams = new ArrayList<>();
    private final CountDownLatch open;
    private final Queue<Runnable> questions = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(256 * 1024);
    private final Thread thread = new Thread(this::loop, "streams");
    private int opening;
    private long lastNanos;
    private volatile Throwable failure;
    private volatile boolean closed;

    /** @param receiver is called by the thread of these streams */
    Streams(URI node, int count, FeedStream.Receiver receiver) throws IOException {
        this(node, count, false, receiver);
    }

    private Streams(URI node, int count, boolean silent, FeedStream.Receiver receiver) throws IOException {
        this.node = node;
        this.count = count;
        this.silent = silent;
        this.receiver = receiver;
        this.open = new CountDownLatch(count);
    }

    /** Streams that are not read any more once they have begun, with receive buffers as small as the system allows. */
    static Streams silent(URI node, int count) throws IOException {
        return new Streams(node, count, true, (number, nanos) -> {});
    }

    /** Opens them from now on; returns when each has told that it is live. */
    Streams open() throws IOException, InterruptedException {
        thread.setDaemon(true); // If they do not open, nobody is there to close them.
        thread.start();
        if (!open.await(OPEN_WAIT.toSeconds(), TimeUnit.SECONDS) || failure != null) {
            throw new IOException(open.getCount() + " of " + count + " streams did not open", failure);
        }
        return this;
    }

    long posts() {
        return ask(all -> all.stream().mapToLong(FeedStream::posts).sum());
    }

    /** When something was read last, by {@link System#nanoTime()}. */
    long lastNanos() {
        return ask(all -> lastNanos);
    }

    long ended() {
        return ask(all -> all.stream().filter(FeedStream::hasEnded).count());
    }

    /** Streams whose connection ended, but not their body. */
    long cut() {
        return ask(all -> all.stream().filter(FeedStream::isCut).count());
    }

    /** Streams that had not exactly these posts, or were cut or reset. */
    long wrong(long posts, long sum) {
        return ask(all -> all.stream()
                .filter(stream ->
                        stream.posts() != posts || stream.sum() != sum || stream.isCut() || stream.resets() > 0)
                .count());
    }

    /** The same, once all have come; those that have not after a while are missing. */
    long wrongAfterWaiting(long posts, long sum) throws InterruptedException {
        long end = System.nanoTime() + LAST_WAIT.toNanos();
        while (wrong(posts, sum) > 0 && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        if (wrong(posts, sum) > 0) {
            System.err.println("Of " + posts + " posts, sum " + sum + ", streams had " + ask(List::toString));
        }
        return wrong(posts, sum);
    }

    /** The thread that reads also answers, so that the answer is of one moment. */
    <T> T ask(Function<List<FeedStream>, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        questions.add(() -> answer.complete(question.apply(streams)));
        selector.wakeup();
        return answer.orTimeout(30, TimeUnit.SECONDS).join();
    }

    private void loop() {
        try {
            while (!closed) {
                while (opening < OPENING && streams.size() < count) {
                    connect();
                }
                selector.select(this::ready, 100);
                for (Runnable question = questions.poll(); question != null; question = questions.poll()) {
                    question.run();
                }
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
            e.printStackTrace();
            while (open.getCount() > 0) {
                open.countDown();
            }
        } finally {
            selector.keys().forEach(key -> close(key.channel()));
            close(selector);
        }
    }

    private void connect() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        if (silent) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
        }
        if (count > PER_ADDRESS) {
            channel.bind(new InetSocketAddress("127.0.0." + (2 + streams.size() / PER_ADDRESS), 0));
        }
        FeedStream stream = new FeedStream(receiver);
        streams.add(stream);
        opening++;
        channel.register(selector, SelectionKey.OP_CONNECT, stream);
        channel.connect(new InetSocketAddress(node.getHost(), node.getPort()));
    }

    private void ready(SelectionKey key) {
        FeedStream stream = (FeedStream) key.attachment();
        SocketChannel channel = (SocketChannel) key.channel();
        boolean wasOpen = stream.isCaughtUp();
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                channel.write(US_ASCII.encode("GET /posts/feed HTTP/1.1\r\nHost: " + node.getAuthority()
                        + "\r\nAccept: text/event-stream\r\n\r\n"));
                key.interestOps(SelectionKey.OP_READ);
            } else if (!read(channel, stream)) {
                end(key, stream);
            }
        } catch (IOException e) {
            if (!wasOpen) {
                throw new IllegalStateException("A stream did not open", e);
            }
            end(key, stream); // A connection that was reset: the stream is cut.
        }
        if (!wasOpen && stream.isCaughtUp()) {
            opening--;
            open.countDown();
            if (silent && key.isValid()) {
                key.interestOps(0);
            }
        }
    }

    private boolean read(SocketChannel channel, FeedStream stream) throws IOException {
        buffer.clear();
        int size = channel.read(buffer);
        if (size > 0) {
            lastNanos = System.nanoTime();
            stream.read(buffer.array(), size, lastNanos);
        }
        return size >= 0;
    }

    private static void end(SelectionKey key, FeedStream stream) {
        stream.close();
        close(key.channel());
    }

    private static void close(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // It is not used any more.
        }
    }

    /** Closes the connections. */
    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
