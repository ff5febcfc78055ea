/** Where the rows live: settings, embedded PostgreSQL, pool and migration; beans only, nobody imports it. */
@NullMarked
package dev.postfeed.database;

import org.jspecify.annotations.NullMarked;
