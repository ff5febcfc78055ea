package dev.postfeed.feed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of {@code text/event-stream} to events, by the rules of the WHATWG
 * (<a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>); stricter than these
 * with what they ignore: bytes that are not UTF-8, unknown fields, and an id or a retry that is none are errors.
 */
final class EventStreamParser {

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Queue<StreamEvent> events = new ArrayDeque<>();
    private final List<String> data = new ArrayList<>();
    private final List<String> comments = new ArrayList<>();

    private boolean afterCarriageReturn;
    private boolean first = true;
    private @Nullable String id;
    private @Nullable String dispatchedId;
    private String event = "";
    private @Nullable Long retryMillis;

    void add(byte[] bytes, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            byte next = bytes[i];
            if (next == '\n' && afterCarriageReturn) {
                afterCarriageReturn = false;
            } else if (next == '\n' || next == '\r') {
                afterCarriageReturn = next == '\r';
                end(line());
            } else {
                afterCarriageReturn = false;
                line.write(next);
            }
        }
    }

    private String line() throws IOException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(line.toByteArray()))
                .toString();
        line.reset();
        boolean mark = first && text.startsWith("\uFEFF");
        first = false;
        return mark ? text.substring(1) : text;
    }

    private void end(String text) throws IOException {
        if (text.isEmpty()) {
            dispatch();
            return;
        }
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        field(name, value.startsWith(" ") ? value.substring(1) : value);
    }

    private void field(String name, String value) throws IOException {
        switch (name) {
            case "" -> comments.add(value);
            case "data" -> data.add(value);
            case "event" -> event = value;
            case "id" -> {
                if (value.indexOf('\0') >= 0) {
                    throw new ProtocolException("an id with U+0000");
                }
                id = value;
            }
            case "retry" -> {
                if (!value.matches("[0-9]{1,18}")) {
                    throw new ProtocolException("retry: " + value);
                }
                retryMillis = Long.valueOf(value);
            }
            default -> throw new ProtocolException("a field '" + name + "'");
        }
    }

    /** A block without data is no event, but its id counts: it is handed on as an event of no type. */
    private void dispatch() {
        if (!data.isEmpty()) {
            events.add(new StreamEvent(id, event.isEmpty() ? "message" : event, String.join("\n", data)));
        } else if (id != null && !id.equals(dispatchedId)) {
            events.add(new StreamEvent(id, "", ""));
        }
        dispatchedId = id;
        data.clear();
        event = "";
    }

    /** The next event; one of type "" only moves the last event id. */
    @Nullable
    StreamEvent poll() {
        return events.poll();
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    /** All that came so far; a heartbeat is one. */
    List<String> comments() {
        return comments;
    }

    @Nullable
    Long retryMillis() {
        return retryMillis;
    }
}
