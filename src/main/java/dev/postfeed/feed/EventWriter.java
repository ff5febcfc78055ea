package dev.postfeed.feed;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Events as {@code text/event-stream} has them (https://html.spec.whatwg.org/multipage/server-sent-events.html). Data is
 * always JSON, in which CR and LF are escaped, so that it is one line; nothing else ends a line there.
 */
final class EventWriter {

    /** To be written when nothing else was for a while: it keeps proxies and clients from giving up. */
    static final byte[] HEARTBEAT = bytes(":\n\n");

    private EventWriter() {}

    /** @param position of a client that has the post */
    static byte[] post(String position, String json) {
        return event(position, "post", json);
    }

    /** The same event for a client that has more than others that are given it. */
    static byte[] at(String position, byte[] event) {
        byte[] id = bytes("id: " + position);
        int rest = 0;
        while (event[rest] != '\n') {
            rest++;
        }
        byte[] all = Arrays.copyOf(id, id.length + event.length - rest);
        System.arraycopy(event, rest, all, id.length, event.length - rest);
        return all;
    }

    /** What comes from now on is new. */
    static byte[] caughtUp(String position) {
        return event(position, "caught-up", "{\"position\":\"" + position + "\"}");
    }

    /** The position that was given means nothing here. */
    static byte[] reset(String position, String reason) {
        return event(position, "reset", "{\"reason\":\"" + reason + "\",\"position\":\"" + position + "\"}");
    }

    /** No event, but the client remembers the position. */
    static byte[] position(String position) {
        return bytes("id: " + position + "\n\n");
    }

    /** How long a client waits before it comes again. */
    static byte[] retry(long millis) {
        return bytes("retry: " + millis + "\n\n");
    }

    private static byte[] event(String position, String type, String json) {
        return bytes("id: " + position + "\nevent: " + type + "\ndata: " + json + "\n\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
