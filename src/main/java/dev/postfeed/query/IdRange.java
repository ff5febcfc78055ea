package dev.postfeed.query;

/**
 * Ids that follow each other.
 *
 * @param first at least 1
 * @param last included, at least {@code first}
 */
public record IdRange(long first, long last) {

    /** @throws IllegalArgumentException for bounds that are none */
    public IdRange {
        if (first < 1 || last < first) {
            throw new IllegalArgumentException("no range of ids: " + first + " to " + last);
        }
    }
}
