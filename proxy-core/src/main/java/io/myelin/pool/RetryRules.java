package io.myelin.pool;

import io.myelin.failure.Failure;
import java.util.EnumSet;
import java.util.Set;

/**
 * When a request that a member was sent may be sent to another one. Holds for requests whose repetition has no further
 * effect (RFC 9110 section 9.2.2), and only until the client has been sent part of a response.
 *
 * @param failures of the ones that leave the request unanswered, those that are worth another attempt
 * @param statuses answers that are worth another attempt as long as there is another member; 400..599
 * @param bodyBytes how much of a request body is kept for another attempt, 0 for none; a longer one is sent once
 */
public record RetryRules(Set<Failure> failures, Set<Integer> statuses, int bodyBytes) {
    /** The failures that can be named in {@code failures}. */
    public static final Set<Failure> REPEATABLE = Set.copyOf(EnumSet.of(
            Failure.CONNECT_FAILED,
            Failure.CONNECT_TIMEOUT,
            Failure.UPSTREAM_CLOSED,
            Failure.MALFORMED_RESPONSE,
            Failure.RESPONSE_TIMEOUT));

    /*
     * 16 KiB is what HAProxy repeats with its default buffer size. What is kept is what would be on its way to the
     * member anyway, only a round trip longer, and 1,000 uploads at once hold 16 MiB at most; Linkerd's 64 KiB would
     * hold four times that for bodies that few idempotent requests have.
     */
    public static final RetryRules DEFAULT = new RetryRules(
            EnumSet.of(Failure.CONNECT_FAILED, Failure.CONNECT_TIMEOUT, Failure.UPSTREAM_CLOSED), Set.of(), 16 * 1024);

    public RetryRules {
        failures = Set.copyOf(failures);
        statuses = Set.copyOf(statuses);
        if (!REPEATABLE.containsAll(failures)) {
            throw new IllegalArgumentException("retry on " + failures + " (expected: some of " + REPEATABLE + ")");
        }
        for (int status : statuses) {
            if (status < 400 || status > 599) {
                throw new IllegalArgumentException("retry on status " + status + " (expected: 400..599)");
            }
        }
        if (bodyBytes < 0) {
            throw new IllegalArgumentException("retry buffer: " + bodyBytes + " (expected: >= 0)");
        }
    }

    /**
     * Returns whether another attempt may follow {@code failure}. A connection that could not be encrypted is one that
     * failed.
     */
    public boolean after(Failure failure) {
        return failures.contains(failure)
                || (failure == Failure.TLS_TIMEOUT
                        ? failures.contains(Failure.CONNECT_TIMEOUT)
                        : failure.connecting()
                                && failure != Failure.CONNECT_TIMEOUT
                                && failures.contains(Failure.CONNECT_FAILED));
    }

    /** Returns whether another attempt may follow an answer with {@code status}. */
    public boolean after(int status) {
        return status >= 400 && !statuses.isEmpty() && statuses.contains(status);
    }

    /** Returns the same rules with another limit for bodies. */
    public RetryRules withBodyBytes(int newBodyBytes) {
        return new RetryRules(failures, statuses, newBodyBytes);
    }
}
