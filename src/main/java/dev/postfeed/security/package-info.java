/** Who may do what: one table of paths and scopes, tokens, cookies for browsers, other origins, and where to listen. */
@NullMarked
package dev.postfeed.security;

import org.jspecify.annotations.NullMarked;
