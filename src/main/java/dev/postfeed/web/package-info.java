/** The HTTP edge that all resources share: bodies, conditional requests, problems, methods. */
@NullMarked
package dev.postfeed.web;

import org.jspecify.annotations.NullMarked;
