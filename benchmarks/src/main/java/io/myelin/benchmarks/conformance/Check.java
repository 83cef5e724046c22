package io.myelin.benchmarks.conformance;

/** One expectation of a case. */
interface Check {
    /** Returns what is to be said of the proxy in this respect. */
    Verdict of(Observation seen);

    /**
     * Returns whether the case took another turn that is harmless, and for which its other expectations are not meant.
     */
    default boolean settles(Observation seen) {
        return false;
    }

    /** Returns whether a fitting answer leaves the client's connection open. */
    default boolean wantsOpen() {
        return false;
    }

    /** Returns how many final responses the client waits for; 0 for the end of its connection. */
    default int responses() {
        return 0;
    }
}
