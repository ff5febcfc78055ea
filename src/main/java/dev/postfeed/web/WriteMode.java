package dev.postfeed.web;

/** What becomes of the good rows of a list when others of it are bad. */
public enum WriteMode {
    /** Nothing is written unless all are good. */
    ALL,

    /** Those before the first bad one are written. */
    STRICT,

    /** All good ones are written. */
    LENIENT
}
