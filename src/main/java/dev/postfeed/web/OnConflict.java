package dev.postfeed.web;

/** What becomes of a new row whose unique column another row has already. */
public enum OnConflict {
    /** It is refused. */
    FAIL,

    /** It is left out, and the other row stays as it is. */
    IGNORE,

    /** The other row takes its values. */
    MERGE
}
