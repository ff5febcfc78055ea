/** The HTTP edge that all resources share: bodies, uploads, requests that come again, conditions, problems, methods. */
@NullMarked
package dev.postfeed.web;

import org.jspecify.annotations.NullMarked;
