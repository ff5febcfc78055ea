package dev.postfeed.web;

/** What became of a line of an upload. */
enum LineOutcome {

    /** Stored now: 201. */
    CREATED,

    /** There already, as {@code on_conflict} allows: 200. */
    PRESENT,

    /** Answered as before, whatever that was: its request came again. */
    REPEATED,

    /** A fault of the line: 4xx. */
    REFUSED,

    /** No fault of the line: 5xx. */
    FAILED
}
