/**
 * What goes wrong around the service, a line each, and the tests that show what is right then. {@link Fault} is the table,
 * {@link Covers} marks the tests, wherever they are, and {@link FaultCheck} holds one against the other after all of
 * them have run.
 */
@NullMarked
package dev.postfeed.faults;

import org.jspecify.annotations.NullMarked;
