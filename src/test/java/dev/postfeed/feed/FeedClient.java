package dev.postfeed.feed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * One subscriber on a socket of its own, for one thread. It reads when it is asked for an event, and never else: one that
 * is not asked is a client that does not read.
 */
final class FeedClient implements Closeable {

    private static final int CONNECT_MILLIS = 2_000;
    private static final int HEAD_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;
    private final EventStreamParser events = new EventStreamParser();
    private final ChunkedBody body = new ChunkedBody(events);
    private final byte[] buffer = new byte[64 * 1024];
    private final String statusLine;
    private final HttpHeaders headers = new HttpHeaders();

    private @Nullable String lastEventId;
    private long lastHeard = System.nanoTime();

    /** The server's answer when it is no stream. */
    static final class Refused extends IOException {

        private static final long serialVersionUID = 1;

        private final int status;

        Refused(int status, String answer) {
            super(answer);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private FeedClient(Socket socket, String request) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        socket.setSoTimeout(HEAD_MILLIS);
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        statusLine = line();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        if (status() != 200) {
            int length = (int) Math.max(0, headers.getContentLength());
            throw new Refused(status(), statusLine + " " + new String(in.readNBytes(length), UTF_8));
        }
        if (!"chunked".equalsIgnoreCase(headers.getFirst(HttpHeaders.TRANSFER_ENCODING))) {
            throw new ProtocolException("a stream that is not chunked: " + headers);
        }
    }

    /**
     * @param path with the query, as it goes over the wire
     * @param lastEventId the header, or null for none
     * @throws Refused when the answer is anything but 200
     */
    static FeedClient connect(String baseUrl, String path, @Nullable String lastEventId) throws IOException {
        return connect(baseUrl, path, lastEventId, 0);
    }

    /** @param receiveBuffer bytes that the system takes for a client that does not read; 0 for what it likes */
    static FeedClient connect(String baseUrl, String path, @Nullable String lastEventId, int receiveBuffer)
            throws IOException {
        URI uri = URI.create(baseUrl);
        String request =
                "GET " + path + " HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\nAccept: text/event-stream\r\n"
                        + (lastEventId == null ? "" : "Last-Event-ID: " + lastEventId + "\r\n") + "\r\n";
        Socket socket = new Socket();
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), CONNECT_MILLIS);
            return new FeedClient(socket, request);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended before the stream began");
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    int status() {
        return Integer.parseInt(statusLine.split(" ", 3)[1]);
    }

    HttpHeaders headers() {
        return headers;
    }

    /**
     * The next event, or null when none came in time.
     *
     * @throws EOFException when the stream is over, by its last chunk ({@link #ended}) or cut
     */
    @Nullable
    StreamEvent next(Duration longest) throws IOException {
        long end = System.nanoTime() + longest.toNanos();
        while (true) {
            StreamEvent event = events.poll();
            if (event != null) {
                lastEventId = event.id();
                if (!event.event().isEmpty()) {
                    return event;
                }
            } else if (ended()) {
                throw new EOFException("the stream has ended");
            } else if (!read(end - System.nanoTime())) {
                return null;
            }
        }
    }

    private boolean read(long nanos) throws IOException {
        if (nanos <= 0) {
            return false;
        }
        socket.setSoTimeout((int) Math.max(1, nanos / 1_000_000));
        try {
            int count = in.read(buffer);
            if (count < 0) {
                throw new EOFException("the stream was cut");
            }
            lastHeard = System.nanoTime();
            body.add(buffer, count);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /** Where to resume after what {@link #next} gave so far; null when no id has come. */
    @Nullable
    String lastEventId() {
        return lastEventId;
    }

    /** Whether the last chunk has come: the server ended the stream, nothing cut it. */
    boolean ended() {
        return body.ended();
    }

    /** The comments so far. */
    List<String> comments() {
        return events.comments();
    }

    /** The reconnection time that the stream set; null when it did not. */
    @Nullable
    Long retryMillis() {
        return events.retryMillis();
    }

    /** How long ago bytes came, of whatever kind. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lastHeard);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
