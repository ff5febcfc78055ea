/** How much of a node one client may take: connections, and requests that change something. */
@NullMarked
package dev.postfeed.limits;

import org.jspecify.annotations.NullMarked;
