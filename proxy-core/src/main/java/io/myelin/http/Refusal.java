package io.myelin.http;

import io.myelin.failure.Failure;
import java.time.Duration;
import java.util.Set;

/**
 * Ends a message with a failure response.
 *
 * @param reason what it is counted as
 * @param status what the client is told
 * @param delay how long a client is held first; zero to tell it at once
 */
public record Refusal(Failure reason, int status, Duration delay) implements HttpAction {
    /** The statuses that HAProxy 2.6 has a response for. */
    private static final Set<Integer> STATUSES =
            Set.of(200, 400, 401, 403, 404, 405, 407, 408, 410, 413, 421, 422, 425, 429, 500, 501, 502, 503, 504);

    /** @throws IllegalArgumentException if there is no response of that status */
    public Refusal {
        if (!STATUSES.contains(status)) {
            throw new IllegalArgumentException("there is no response of status " + status);
        }
    }

    /** Returns the action that refuses a request at once. */
    public static Refusal deny(int status) {
        return new Refusal(Failure.DENIED, status, Duration.ZERO);
    }

    /** Returns the action that holds a client for {@code delay} before it refuses its request. */
    public static Refusal tarpit(int status, Duration delay) {
        return new Refusal(Failure.TARPITTED, status, delay);
    }

    /** Returns the action that keeps a response from the client. */
    public static Refusal denyResponse(int status) {
        return new Refusal(Failure.RESPONSE_DENIED, status, Duration.ZERO);
    }

    /** Returns whether there is a response of that status. */
    public static boolean hasStatus(int status) {
        return STATUSES.contains(status);
    }

    @Override
    public Step apply(RuleRun run) {
        return run.refuse(reason, status, delay.toNanos());
    }
}
