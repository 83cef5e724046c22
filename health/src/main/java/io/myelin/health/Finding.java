package io.myelin.health;

/**
 * What one check observed, without its duration, so that the same observation made twice is equal.
 *
 * @param status how the check ended
 * @param code the HTTP status of the answer, 0 if there was none
 * @param text the observation, for people
 */
public record Finding(CheckStatus status, int code, String text) {
    /** Returns a finding that has nothing to do with HTTP. */
    public static Finding of(CheckStatus status, String text) {
        return new Finding(status, 0, text);
    }
}
