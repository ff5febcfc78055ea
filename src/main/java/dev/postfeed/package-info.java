/**
 * Postfeed: users and posts on PostgreSQL over HTTP. This page is the code map.
 *
 * <ul>
 *   <li>{@code user}, {@code post}: the two resources, each a row, its body, a repository, a handler and its routes
 *   <li>{@code feed}: new posts as they are committed, as server-sent events; a reader a node, a log, many cursors
 *   <li>{@code query}: query string to typed value to SQL with binds; no I/O, no web types
 *   <li>{@code web}: what every resource shares at the HTTP edge: bodies, lists and streams out, uploads of lines,
 *       requests that come again, problems, conditional requests, methods; the page, and the API description
 *   <li>{@code security}: who may do what: a table of paths and scopes, tokens, sessions of browsers, other origins, the address
 *       to listen at; nobody imports it
 *   <li>{@code limits}: how many connections there are, and how many writes and streams of an address; nobody imports it
 *   <li>{@code replica}: reads from a replica, where one is named, and what makes a client see there what it has written; nobody imports
 *       it: {@code web.Replica} is what others know of it
 *   <li>{@code tracing}: spans over OTLP, where an endpoint for them is set; beans only, nobody imports it
 *   <li>{@code database}: the settings, the embedded PostgreSQL, the pool, the migration; beans only, nobody imports it
 * </ul>
 *
 * <p>The way of a request: {@code XxxRoutes} names the handler method, which {@code web.MatchedRoutes} finds, {@code XxxHandler} (mostly
 * {@link dev.postfeed.web.ResourceHandler}) decodes it, calls {@code XxxStatements} for what is asked for most, where
 * {@code web.Coalescer} lets requests that wait go together, or {@code XxxRepository} for the rest, each on a connection
 * of the pool, and encodes the row; whatever fails on the way becomes an answer in {@code web.ProblemHandler}.
 *
 * <p>The way of a post to its subscribers: {@code feed.LiveFeed} makes the passes of {@code FeedReader}, on a connection
 * of their own; what {@code Frontier} says is new goes into {@code FeedLog}; each {@code FeedStream} has a place there.
 *
 * <p>Arrows: user, post &rarr; query, web; feed &rarr; post, query, web; web &rarr; query; security &rarr; query, web;
 * limits &rarr; web; replica &rarr; query, web.
 * {@code ArchitectureTests} holds the code to them.
 */
@NullMarked
package dev.postfeed;

import org.jspecify.annotations.NullMarked;
