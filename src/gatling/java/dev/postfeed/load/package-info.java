/**
 * The users' load tests: what people do with Postfeed, each answer checked, at a rate that rises until it is too much.
 *
 * <ul>
 *   <li>{@code XxxSimulation}: who comes, when, and what must hold in the end
 *   <li>{@code Resource}, {@code Lines}, {@code Feed}: the requests about one row, many rows, and new rows
 *   <li>{@code LoadSettings}: how much of all that
 * </ul>
 */
package dev.postfeed.load;
