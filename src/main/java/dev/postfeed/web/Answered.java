package dev.postfeed.web;

import java.util.List;

/**
 * What some lines were answered with.
 *
 * @param answers one or more lines of JSON
 * @param settled for how many of the lines, from the first, that is what a retry must be answered with too
 * @param rest the lines that have no answer yet
 * @param last whether the request ends here
 */
record Answered<B>(LineAnswers answers, int settled, List<Entry<B>> rest, boolean last) {}
