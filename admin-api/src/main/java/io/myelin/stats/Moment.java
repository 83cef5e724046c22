package io.myelin.stats;

/**
 * When a table is made.
 *
 * @param nowMillis wall clock
 * @param startMillis wall clock at the start of the process
 */
record Moment(long nowMillis, long startMillis) {
    /** Returns the seconds since {@code millis}, or since the start of the process if that is 0; at least 0. */
    long secondsSince(long millis) {
        return Math.max(0, nowMillis - (millis == 0 ? startMillis : millis)) / 1_000;
    }
}
