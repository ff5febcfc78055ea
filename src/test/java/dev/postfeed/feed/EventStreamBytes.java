package dev.postfeed.feed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.web.StreamClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A stream as it comes over the wire, block by block. */
final class EventStreamBytes implements AutoCloseable {

    private final StreamClient client;
    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();

    EventStreamBytes(int port, String query, String... headers) throws IOException {
        client = new StreamClient(port, "/posts/feed" + query, "text/event-stream", headers);
    }

    String readHead() throws IOException {
        return client.readHead();
    }

    /** The bytes up to the next blank line, itself among them; ISO 8859-1, so that a char is a byte. */
    String readBlock() throws IOException {
        String text = unread.toString(ISO_8859_1);
        while (!text.contains("\n\n")) {
            byte[] chunk = client.readChunk();
            assertThat(chunk).as("what follows on '%s'", text).isNotEmpty();
            unread.writeBytes(chunk);
            text = unread.toString(ISO_8859_1);
        }
        int end = text.indexOf("\n\n") + 2;
        unread.reset();
        unread.writeBytes(text.substring(end).getBytes(ISO_8859_1));
        return text.substring(0, end);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
