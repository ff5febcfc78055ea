/** A replica of the database that is read from, and what makes a client see there what it has written. */
@NullMarked
package dev.postfeed.replica;

import org.jspecify.annotations.NullMarked;
