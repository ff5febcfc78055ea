package dev.postfeed.contract;

import org.jspecify.annotations.Nullable;

/**
 * What requests are for.
 *
 * @param name of an operation, as {@link Description#operations} has it, or of what there is outside of them
 * @param responses what may be answered, by its status
 * @param operation null for none
 */
record Place(String name, Part responses, @Nullable Part operation) {}
