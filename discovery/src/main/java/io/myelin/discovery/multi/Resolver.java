package io.myelin.discovery.multi;

import java.util.List;

/** Decides which of several sources serve. All methods are called by the thread that owns the sources' states. */
interface Resolver extends AutoCloseable {
    /** Begins to ask for what the decision depends on beside the sources; {@code changed} is run when it changes. */
    default void start(Runnable changed) {
        // Nothing else matters.
    }

    /**
     * Returns the sources that serve, in the order of their endpoints.
     *
     * @param nowNanos monotonic time; this is asked whenever a source changes, and several times a second
     */
    List<ChildState> serving(long nowNanos);

    /** Returns what this is, for people. */
    String title();

    /** Returns what keeps it from deciding now, empty if nothing does. */
    default String error() {
        return "";
    }

    @Override
    default void close() {
        // Nothing was begun.
    }
}
