package dev.postfeed.load;

import java.net.URI;
import java.time.Duration;

/**
 * How much load, from system properties; a bad one stops the start and says what is allowed.
 *
 * @param url {@code postfeed.url}, the service: http://127.0.0.1:8080 unless given
 * @param duration {@code postfeed.load.seconds}, how long people keep coming: 10 to 86400, 60 unless given
 * @param steps {@code postfeed.load.steps}, the steps in which the rate rises to its peak: 1 to 100, 6 unless given
 * @param scale {@code postfeed.load.scale}, a factor of the peak rate of each simulation: more than 0, 1 unless given
 * @param subscribers {@code postfeed.load.subscribers}, readers of the feed: 1 to 100000, 50 unless given
 * @param rows {@code postfeed.load.rows}, rows of a stream: 1 to 1000000 (Gatling has them all in memory), 20000 unless
 *     given
 * @param lines {@code postfeed.load.lines}, lines of an upload: 1 to 100000, 1000 unless given
 * @param p99 {@code postfeed.load.p99}, milliseconds within which 99 of 100 answers to each request must be there: 2000
 *     unless given
 * @param delivery {@code postfeed.load.delivery}, the same from the sending of a post to its receipt by a subscriber:
 *     500 unless given
 */
record LoadSettings(
        URI url,
        Duration duration,
        int steps,
        double scale,
        int subscribers,
        int rows,
        int lines,
        Duration p99,
        Duration delivery) {

    static LoadSettings ofSystemProperties() {
        return new LoadSettings(
                url("postfeed.url", "http://127.0.0.1:8080"),
                Duration.ofSeconds(whole("postfeed.load.seconds", 60, 10, 86_400)),
                whole("postfeed.load.steps", 6, 1, 100),
                factor("postfeed.load.scale", 1),
                whole("postfeed.load.subscribers", 50, 1, 100_000),
                whole("postfeed.load.rows", 20_000, 1, 1_000_000),
                whole("postfeed.load.lines", 1_000, 1, 100_000),
                Duration.ofMillis(whole("postfeed.load.p99", 2_000, 1, 600_000)),
                Duration.ofMillis(whole("postfeed.load.delivery", 500, 1, 600_000)));
    }

    /** A part of the duration. */
    Duration part(double part) {
        return Duration.ofMillis(Math.round(duration.toMillis() * part));
    }

    private static URI url(String property, String otherwise) {
        String value = System.getProperty(property, otherwise);
        if (!value.matches("https?://[^/?#]+")) {
            throw refused(property, value, "http://host:port");
        }
        return URI.create(value);
    }

    private static int whole(String property, int otherwise, int least, int most) {
        String value = System.getProperty(property, String.valueOf(otherwise));
        if (!value.matches("\\d{1,9}") || Integer.parseInt(value) < least || Integer.parseInt(value) > most) {
            throw refused(property, value, "a whole number from " + least + " to " + most);
        }
        return Integer.parseInt(value);
    }

    private static double factor(String property, double otherwise) {
        String value = System.getProperty(property, String.valueOf(otherwise));
        if (!value.matches("\\d{1,6}(\\.\\d{1,6})?") || Double.parseDouble(value) == 0) {
            throw refused(property, value, "a number above 0");
        }
        return Double.parseDouble(value);
    }

    private static IllegalArgumentException refused(String property, String value, String allowed) {
        return new IllegalArgumentException(property + "=" + value + ": must be " + allowed);
    }
}
