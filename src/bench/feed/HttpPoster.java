import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Posts by HTTP/1.1 on a connection that is kept. Cheap: it knows no more of HTTP than the answers it gets. */
final class HttpPoster implements Poster {

    private static final int TIMEOUT_MILLIS = 30_000;

    private final URI node;
    private final UnaryOperator<String> body;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[64 * 1024];

    HttpPoster(URI node) throws IOException {
        this(node, title -> json(title, CONTENT));
    }

    /** @param body the JSON of a post of this title */
    HttpPoster(URI node, UnaryOperator<String> body) throws IOException {
        this.node = node;
        this.body = body;
        this.socket = new Socket(node.getHost(), node.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    @Override
    public void post(long number) throws IOException {
        send(request(node, body.apply(Poster.title(number))));
    }

    /** Posts {@code count} posts as one array. */
    void postMany(String title, int count) throws IOException {
        String posts = IntStream.range(0, count)
                .mapToObj(i -> json(title, CONTENT))
                .collect(Collectors.joining(",", "[", "]"));
        send(request(node, posts));
    }

    /** A post whose content has this many characters. */
    void postLarge(String title, int characters) throws IOException {
        send(request(node, json(title, "x".repeat(characters))));
    }

    /** What a client posts. */
    static String json(String title, String content) {
        return "{\"title\":\"" + title + "\",\"content\":\"" + content + "\"}";
    }

    /** A post as it is stored: for a service that passes on what it is given, so that its events have as many bytes. */
    static String stored(String title) {
        return "{\"id\":1234567,\"title\":\"" + title + "\",\"content\":\"" + CONTENT
                + "\",\"user_id\":null,\"created_at\":\"2026-11-22T16:39:53.267501Z\"}";
    }

    /** The bytes of a request that posts a single post. */
    static byte[] request(URI node, String json) {
        byte[] body = json.getBytes(UTF_8);
        return ("POST /posts HTTP/1.1\r\nHost: " + node.getAuthority() + "\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length + "\r\n\r\n" + json)
                .getBytes(UTF_8);
    }

    /** Sends a request, and reads its answer to the end; any but a 201 is an {@link IOException}. */
    void send(byte[] request) throws IOException {
        out.write(request);
        int size = 0;
        int end;
        do {
            size += read(size);
            end = endOfHead(size);
        } while (end < 0);
        String head = new String(buffer, 0, end, ISO_8859_1);
        if (!head.startsWith("HTTP/1.1 201 ")) {
            throw new IOException("Not stored: " + new String(buffer, 0, size, UTF_8));
        }
        for (long rest = end + contentLength(head) - size; rest > 0; ) {
            rest -= read(0);
        }
    }

    private int read(int from) throws IOException {
        int read = in.read(buffer, from, buffer.length - from);
        if (read <= 0) {
            throw new EOFException("The node has closed the connection");
        }
        return read;
    }

    /** Where the body begins, or -1. */
    private int endOfHead(int size) {
        for (int i = 3; i < size; i++) {
            if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private static long contentLength(String head) throws IOException {
        String name = "\r\ncontent-length: ";
        int at = head.toLowerCase(Locale.ROOT).indexOf(name);
        if (at < 0) {
            throw new IOException("No Content-Length: " + head);
        }
        return Long.parseLong(head.substring(at + name.length(), head.indexOf('\r', at + name.length())));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
