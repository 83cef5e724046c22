package io.myelin.health;

/** How one check ended, under the names that HAProxy's statistics use. */
public enum CheckStatus {
    /** The connection was established, which is all that was asked. */
    L4OK(Outcome.PASSED, true),
    /** The connection took too long. */
    L4TOUT(Outcome.FAILED, false),
    /** The connection was refused, or the host is unknown or out of reach. */
    L4CON(Outcome.FAILED, false),
    /** The TLS handshake succeeded, which is all that was asked. */
    L6OK(Outcome.PASSED, true),
    /** The TLS handshake took too long. */
    L6TOUT(Outcome.FAILED, false),
    /** The TLS handshake failed, or what answered does not speak TLS. */
    L6RSP(Outcome.FAILED, false),
    /** The answer was as expected. */
    L7OK(Outcome.PASSED, true),
    /** The answer took too long. */
    L7TOUT(Outcome.FAILED, false),
    /** The answer was not well-formed, ended early, or has the wrong body. */
    L7RSP(Outcome.FAILED, false),
    /** The answer has the wrong status. */
    L7STS(Outcome.FAILED, true),
    /** No check: too much of the traffic went wrong in a row. */
    HANA(Outcome.FAILED, false),
    /** This machine could not open a socket, or the check itself went wrong, which says nothing about the endpoint. */
    SOCKERR(Outcome.INCONCLUSIVE, false);

    private enum Outcome {
        PASSED,
        FAILED,
        INCONCLUSIVE
    }

    private final Outcome outcome;
    private final boolean timed;

    CheckStatus(Outcome outcome, boolean timed) {
        this.outcome = outcome;
        this.timed = timed;
    }

    public boolean passed() {
        return outcome == Outcome.PASSED;
    }

    /** Returns whether the check says anything about the endpoint. */
    public boolean conclusive() {
        return outcome != Outcome.INCONCLUSIVE;
    }

    /** Returns whether a reason names the time the check took, because the endpoint did answer. */
    boolean timed() {
        return timed;
    }
}
