/** Query string to typed value to SQL with binds: filters, orders, selections, cursors; no I/O and no web types. */
@NullMarked
package dev.postfeed.query;

import org.jspecify.annotations.NullMarked;
