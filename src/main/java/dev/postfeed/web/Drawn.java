package dev.postfeed.web;

import java.util.List;

/**
 * Rows whose ids are drawn.
 *
 * @param rows for each of the bodies, in their order, its row with its id, as stored but for what the database adds, or why
 *     there is none
 * @param copyable whether COPY does to them what INSERT does
 */
public record Drawn<R>(List<Written<R>> rows, boolean copyable) {}
