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
 */
public record CheckReport(String progress, CheckStatus status, int code, long millis, HealthVerdict verdict) {}
