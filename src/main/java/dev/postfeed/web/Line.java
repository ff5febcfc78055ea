package dev.postfeed.web;

/**
 * A line of a body.
 *
 * @param number from 1, blank lines counted
 * @param bytes without the end of the line; of a line that is too long the first {@link RequestBody#MAX_SIZE}
 * @param tooLong whether it has more
 */
record Line(long number, byte[] bytes, boolean tooLong) {}
