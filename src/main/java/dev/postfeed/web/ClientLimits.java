package dev.postfeed.web;

import org.springframework.stereotype.Component;

/** What a client that uploads, or is sent a stream, is held to. */
@Component
public final class ClientLimits {

    private final StreamLimit streams;
    private final BodyTimeout bodies;

    ClientLimits(StreamLimit streams, BodyTimeout bodies) {
        this.streams = streams;
        this.bodies = bodies;
    }

    StreamLimit streams() {
        return streams;
    }

    BodyTimeout bodies() {
        return bodies;
    }
}
