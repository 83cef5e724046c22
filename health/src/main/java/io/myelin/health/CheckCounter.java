package io.myelin.health;

/** What is counted about the checks of one service. */
public enum CheckCounter {
    /** Checks that were begun. */
    RUN,
    /** Checks whose answer was as expected. */
    PASSED,
    /** Checks that ended in any other way. */
    FAILED,
    /** Conclusions about an endpoint that differ from the one before; the first one counts. */
    TRANSITIONS,
    /** Times that too much of an endpoint's traffic went wrong in a row. */
    ALARMS
}
