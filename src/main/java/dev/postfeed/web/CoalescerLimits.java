package dev.postfeed.web;

import java.time.Duration;

/**
 * How much goes together, and how long anything takes.
 *
 * @param together requests of a statement
 * @param weight of a statement of more than one request
 * @param waiting requests, one more is refused at once
 * @param patience the longest wait for a connection, or for those that came before
 * @param silence the longest wait for the database: then the connection has gone
 */
record CoalescerLimits(int together, int weight, int waiting, Duration patience, Duration silence) {}
