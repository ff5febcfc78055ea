/** How much of a node one client may take: connections, streams, and requests that change something. */
@NullMarked
package dev.postfeed.limits;

import org.jspecify.annotations.NullMarked;
