package dev.postfeed.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.stream.Stream;

/**
 * A client of a chunked answer which reads when it likes, or never, and can tell a whole answer from a cut one. Its
 * receive buffer is small, so that the server soon notices.
 */
public final class StreamClient implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;

    /** @param headers more of them, as on the wire */
    public StreamClient(int port, String target, String accept, String... headers) throws IOException {
        socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new BufferedInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        out.write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAccept: " + accept + "\r\n"
                        + String.join(
                                "",
                                Stream.of(headers)
                                        .map(header -> header + "\r\n")
                                        .toList()) + "\r\n")
                .getBytes(ISO_8859_1));
        out.flush();
    }

    /** The status line and the headers. */
    public String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    /** One chunk of the body; empty when the answer is whole. */
    public byte[] readChunk() throws IOException {
        int length = Integer.parseInt(line(), 16);
        byte[] chunk = in.readNBytes(length);
        if (chunk.length < length || in.read() != '\r' || in.read() != '\n') {
            throw new EOFException("the answer was cut off");
        }
        return chunk;
    }

    /** What comes up to the chunk with which it has this part. */
    public String readUntil(String part) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(part) < 0) {
            byte[] chunk = readChunk();
            if (chunk.length == 0) {
                throw new EOFException("the answer ended after '" + read + "'");
            }
            read.append(new String(chunk, UTF_8));
        }
        return read.toString();
    }

    /** What is left of the body, to the closing chunk. */
    public String readBody() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] chunk = readChunk(); chunk.length > 0; chunk = readChunk()) {
            body.writeBytes(chunk);
        }
        return body.toString(UTF_8);
    }

    /** Whether the answer ends with the closing chunk; reads all that is left. */
    public boolean isWhole() throws IOException {
        try {
            while (readChunk().length > 0) {
                // On to the end.
            }
            return true;
        } catch (EOFException | SocketException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.setSoLinger(true, 0); // Gone, without a goodbye.
        socket.close();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended after '" + line + "'");
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }
}
