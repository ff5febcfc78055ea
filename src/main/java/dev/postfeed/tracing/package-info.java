/** Spans over OTLP, where Boot's setting names an endpoint for them; beans only, nobody imports it. */
@NullMarked
package dev.postfeed.tracing;

import org.jspecify.annotations.NullMarked;
