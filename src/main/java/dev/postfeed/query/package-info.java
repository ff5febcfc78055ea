/** Query string to typed value: parameters, pages, cursors; no I/O and no web types. */
@NullMarked
package dev.postfeed.query;

import org.jspecify.annotations.NullMarked;
