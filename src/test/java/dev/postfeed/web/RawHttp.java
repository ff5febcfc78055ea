package dev.postfeed.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postfeed.Answer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;
import org.springframework.http.HttpHeaders;

/** One request over a socket of its own, byte for byte, as no client library would send it. */
final class RawHttp {

    private static final int TIMEOUT_MILLIS = 10_000;

    private RawHttp() {}

    /** The answer to a request; it may come before the server has read all of it. */
    static Answer send(int port, byte[] request) throws IOException, InterruptedException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            Thread writer = new Thread(() -> write(socket, request));
            writer.start();
            try {
                return read(new BufferedInputStream(socket.getInputStream()));
            } finally {
                socket.shutdownInput();
                socket.close();
                writer.join();
            }
        }
    }

    private static void write(Socket socket, byte[] request) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(request);
            out.flush();
        } catch (IOException e) {
            // The server has answered and closed: the answer tells.
        }
    }

    private static Answer read(InputStream in) throws IOException {
        String[] statusLine = line(in).split(" ", 3);
        HttpHeaders headers = new HttpHeaders();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        int length = (int) headers.getContentLength();
        byte[] body = in.readNBytes(length < 0 ? Integer.MAX_VALUE : length);
        if (length >= 0 && body.length != length) {
            throw new EOFException("the body has " + body.length + " bytes instead of " + length);
        }
        return new Answer(Integer.parseInt(statusLine[1]), headers, new String(body, UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended after '" + line + "'");
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    /** A body in chunks of a size. */
    static byte[] chunked(byte[] body, int size) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int start = 0; start < body.length; start += size) {
            int length = Math.min(size, body.length - start);
            chunks.writeBytes((Integer.toHexString(length).toUpperCase(Locale.ROOT) + "\r\n").getBytes(ISO_8859_1));
            chunks.write(body, start, length);
            chunks.writeBytes("\r\n".getBytes(ISO_8859_1));
        }
        chunks.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
        return chunks.toByteArray();
    }
}
