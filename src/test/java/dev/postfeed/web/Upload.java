package dev.postfeed.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An upload of lines that goes on while its answers are read, byte for byte. */
public final class Upload implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private String head = "";
    private int chunk;

    /** Opens a connection and sends the head of the request, its body to come in chunks. */
    public Upload(int port, String path, String... headers) throws IOException {
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
        String request = "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                + "Transfer-Encoding: chunked\r\n"
                + String.join(
                        "",
                        java.util.Arrays.stream(headers)
                                .map(header -> header + "\r\n")
                                .toList()) + "\r\n";
        raw(request);
    }

    void raw(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Sends text as one chunk. */
    public void send(String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        sent.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(ISO_8859_1));
        sent.writeBytes(bytes);
        sent.writeBytes("\r\n".getBytes(ISO_8859_1));
        socket.getOutputStream().write(sent.toByteArray());
        socket.getOutputStream().flush();
    }

    /** Ends the body. */
    public void end() throws IOException {
        raw("0\r\n\r\n");
    }

    /** Head of the answer, once it is there. */
    String head() throws IOException {
        if (head.isEmpty()) {
            StringBuilder read = new StringBuilder();
            for (String next = rawLine(); !next.isEmpty(); next = rawLine()) {
                read.append(next).append('\n');
            }
            head = read.toString();
        }
        return head;
    }

    /** The next line of the answer; null when the answer is whole and has no more. */
    public JsonNode line() throws IOException {
        assertThat(head()).startsWith("HTTP/1.1 200 ").contains("application/x-ndjson");
        line.reset();
        while (true) {
            if (chunk == 0) {
                chunk = Integer.parseInt(rawLine(), 16);
                if (chunk == 0) {
                    assertThat(rawLine()).isEmpty();
                    assertThat(line.size()).isZero();
                    return null;
                }
            }
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the answer was cut");
            }
            if (--chunk == 0) {
                rawLine();
            }
            if (next == '\n') {
                return JSON.readTree(line.toByteArray());
            }
            line.write(next);
        }
    }

    private String rawLine() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the answer was cut");
            }
            text.append((char) next);
        }
        return text.toString().stripTrailing();
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
