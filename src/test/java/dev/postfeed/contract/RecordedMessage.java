package dev.postfeed.contract;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.springframework.http.HttpHeaders;

/** A request or an answer while it goes over the wire: its headers, and of its body as much as is kept. */
final class RecordedMessage {

    /** Bytes that are kept of a body that has lines, and may have no end. */
    private static final int MOST_OF_A_STREAM = 64 * 1024;

    /** And of any other, more than a page may have. */
    private static final int MOST = 16 * 1024 * 1024;

    private final HttpHeaders headers = new HttpHeaders();
    private final int most;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private boolean tooLong;
    private boolean ended;

    /** @param headers are copied, since the service changes those of a request */
    RecordedMessage(Iterable<Map.Entry<String, String>> headers) {
        headers.forEach(header -> this.headers.add(header.getKey(), header.getValue()));
        this.most = Message.isStream(this.headers) ? MOST_OF_A_STREAM : MOST;
    }

    /** Takes what comes after the head, as Netty's codec has it. Does not release it. */
    void add(Object message) {
        if (message instanceof ByteBuf bytes) {
            keep(bytes);
        } else if (message instanceof ByteBufHolder holder) {
            keep(holder.content());
        }
        ended |= message instanceof LastHttpContent;
    }

    private void keep(ByteBuf bytes) {
        int length = Math.min(bytes.readableBytes(), most - body.size());
        tooLong |= length < bytes.readableBytes();
        try {
            bytes.getBytes(bytes.readerIndex(), body, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether there is nothing to come. */
    boolean ended() {
        return ended;
    }

    /** What it is by now. */
    Message message() {
        return new Message(headers, body.toByteArray(), ended && !tooLong);
    }
}
