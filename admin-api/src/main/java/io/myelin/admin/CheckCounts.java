package io.myelin.admin;

/**
 * What was counted about the checks of one service's endpoints, also as JSON.
 *
 * @param begun checks that were begun
 * @param passed those whose answer was as expected
 * @param failed those that ended in any other way
 * @param transitions conclusions about an endpoint that differ from the one before
 * @param alarms times that too much of an endpoint's traffic went wrong in a row
 */
public record CheckCounts(long begun, long passed, long failed, long transitions, long alarms) {}
