package dev.postfeed.web;

/** What becomes of the good rows of a list when others of it are bad. */
public enum WriteMode {
    /** Nothing is written unless all are good. */
    ALL,

    /** Those before the first bad one are written. */
    STRICT,

    /** All good ones are written. */
    LENIENT,

    /** The same, of clients that know nothing of each other: fails with 55P03 rather than wait long for a lock. */
    TOGETHER
}
