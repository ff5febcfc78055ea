package dev.postfeed.web;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** What a setting may be. */
public final class Bounds {

    private Bounds() {}

    /**
     * Refuses a value that is out of bounds, with what is allowed.
     *
     * @param property by its whole name
     * @param allowed the bounds in words, after "must be"
     */
    public static <T extends Comparable<T>> void require(String property, T value, T least, T most, String allowed) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidConfigurationPropertyValueException(property, value, "must be " + allowed);
        }
    }
}
