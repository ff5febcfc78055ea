@NullMarked
package dev.postfeed.replica;

import org.jspecify.annotations.NullMarked;
