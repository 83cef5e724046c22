package io.myelin.model;

/** Where a pool delivers that too much of an endpoint's work went wrong in a row. Calls return at once. */
@FunctionalInterface
public interface ErrorSink {
    /**
     * Takes note of it.
     *
     * @param reaction what is to follow
     * @param reason for people
     */
    void onErrors(EndpointId endpoint, ErrorReaction reaction, String reason);
}
