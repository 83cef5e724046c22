package io.myelin.model;

/**
 * What health checking concluded about one endpoint.
 *
 * @param state the conclusion
 * @param reason the observation behind it, for people, such as {@code http 500 in 3 ms}
 * @param sinceMillis wall clock at which {@code state} began, 0 if it never changed
 */
public record HealthVerdict(State state, String reason, long sinceMillis) {
    /** No check is configured: the endpoint counts as up. */
    public static final HealthVerdict UNCHECKED = new HealthVerdict(State.UNKNOWN, "no check", 0);

    /** Only a probe that passes makes the endpoint count as up, and none has yet. */
    public static final HealthVerdict UNPROVEN = new HealthVerdict(State.FAILING, "not ready yet", 0);

    /** The three conclusions. */
    public enum State {
        /** No check has completed, or none is configured; admits traffic, so that a restart does not empty a pool. */
        UNKNOWN,
        PASSING,
        FAILING
    }

    public boolean admitsTraffic() {
        return state != State.FAILING;
    }
}
