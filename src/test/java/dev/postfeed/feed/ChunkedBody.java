package dev.postfeed.feed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProtocolException;

/** Chunks of HTTP/1.1 (RFC 9112, section 7.1) as they come; what is in them goes to the parser. */
final class ChunkedBody {

    private enum Expected {
        SIZE,
        DATA,
        END_OF_DATA,
        END,
        NOTHING
    }

    private final EventStreamParser parser;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private Expected expected = Expected.SIZE;
    private int left;

    ChunkedBody(EventStreamParser parser) {
        this.parser = parser;
    }

    void add(byte[] bytes, int length) throws IOException {
        int at = 0;
        while (at < length) {
            if (expected == Expected.DATA) {
                int count = Math.min(left, length - at);
                parser.add(bytes, at, at + count);
                at += count;
                left -= count;
                if (left == 0) {
                    expected = Expected.END_OF_DATA;
                }
            } else {
                line.write(bytes[at]);
                if (bytes[at++] == '\n') {
                    endOfLine();
                }
            }
        }
    }

    private void endOfLine() throws IOException {
        String text = line.toString();
        line.reset();
        if (!text.endsWith("\r\n")) {
            throw new ProtocolException("a line of chunking ends without CR: " + text);
        }
        String content = text.substring(0, text.length() - 2);
        switch (expected) {
            case SIZE -> {
                left = Integer.parseInt(content, 16);
                expected = left == 0 ? Expected.END : Expected.DATA;
            }
            case END_OF_DATA -> {
                requireEmpty(content);
                expected = Expected.SIZE;
            }
            case END -> {
                requireEmpty(content);
                expected = Expected.NOTHING;
            }
            default -> throw new ProtocolException("bytes after the last chunk");
        }
    }

    private static void requireEmpty(String content) throws IOException {
        if (!content.isEmpty()) {
            throw new ProtocolException("'" + content + "' where a chunk ends");
        }
    }

    /** Whether the last chunk has come. */
    boolean ended() {
        return expected == Expected.NOTHING;
    }
}
