package dev.postfeed.database;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which connections may still be used: those of the current {@link ConnectionEra}. A server that was the primary keeps its
 * connections when it becomes read-only, and answers tests and reads on them for ever, from rows that grow old.
 */
final class ConnectionEras {

    private static final Logger log = LoggerFactory.getLogger(ConnectionEras.class);

    /** Where a read-only server is all there is, each write would make all connections anew. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private volatile ConnectionEra current = new ConnectionEra();

    ConnectionEra current() {
        return current;
    }

    /** The server said on a connection of this era that it is read-only. */
    void readOnly(ConnectionEra era) {
        if (era.age().compareTo(SHORTEST) >= 0) {
            end(era, "the server has become read-only");
        }
    }

    /** Ends an era, unless it has ended: its connections are thrown away. */
    synchronized void end(ConnectionEra era, String reason) {
        if (era == current) {
            current = new ConnectionEra();
            era.end();
            log.warn("All connections to the database are made anew: {}", reason);
        }
    }
}
