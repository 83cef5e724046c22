package io.myelin.health;

import io.myelin.model.HealthVerdict;

/**
 * The last check of one endpoint and what follows from it, in the terms of HAProxy's statistics.
 *
 * @param progress such as {@code UP}, {@code UP 2/3} or {@code DOWN 1/2}
 * @param status how the check ended
 * @param code the HTTP status of the answer, 0 if there was none
 * @param millis how long the check took
 * @param verdict the conclusion, with this check as its reason
 * @param tally what all checks of the endpoint came to
 */
public record CheckReport(
        String progress, CheckStatus status, int code, long millis, HealthVerdict verdict, Tally tally) {
    /**
     * What all checks of one endpoint came to.
     *
     * @param rise successes in a row that bring it up
     * @param fall failures in a row that bring it down
     * @param health how far it is from being down for good, 0..{@code rise + fall - 1}; it is up from {@code rise} on
     * @param failures checks that failed while it was up
     * @param descents how often it went down
     * @param downMillis how long it was down in all, without the time that is under way
     * @param alarms how often too much of its traffic went wrong in a row
     */
    public record Tally(int rise, int fall, int health, long failures, long descents, long downMillis, long alarms) {}
}
