/** Posts: one row each, written by a user or by nobody any more. */
@NullMarked
package dev.postfeed.post;

import org.jspecify.annotations.NullMarked;
