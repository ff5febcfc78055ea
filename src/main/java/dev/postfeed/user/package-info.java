/** Users: one row each, the email unique. */
@NullMarked
package dev.postfeed.user;

import org.jspecify.annotations.NullMarked;
