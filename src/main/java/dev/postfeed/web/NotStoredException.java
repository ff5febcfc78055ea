package dev.postfeed.web;

/** A transaction that failed before it was to be committed: the same may be written again. */
final class NotStoredException extends RuntimeException {

    NotStoredException(Throwable cause) {
        super(cause.getMessage(), cause, false, false);
    }
}
