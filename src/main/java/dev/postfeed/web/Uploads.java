package dev.postfeed.web;

import org.springframework.stereotype.Component;

/** What all bodies that clients send are held to, and counted by. */
@Component
public final class Uploads {

    private final StreamLimit streams;
    private final BodyTimeout timeout;
    private final UploadMetrics metrics;

    Uploads(StreamLimit streams, BodyTimeout timeout, UploadMetrics metrics) {
        this.streams = streams;
        this.timeout = timeout;
        this.metrics = metrics;
    }

    /** Of those that are read line by line. */
    StreamLimit streams() {
        return streams;
    }

    BodyTimeout timeout() {
        return timeout;
    }

    /** Of those that are read line by line. */
    UploadMetrics metrics() {
        return metrics;
    }
}
