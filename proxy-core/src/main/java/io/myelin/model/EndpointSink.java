package io.myelin.model;

/**
 * Where a source of one service delivers what it learns. Safe from any thread; calls return at once and take effect in
 * order on the control thread.
 */
public interface EndpointSink {
    /** Replaces everything this source said before. */
    void replace(EndpointSet endpoints);

    /** Reports whether the source is live. Losing a source changes no endpoint. */
    void status(SourceStatus status);

    /**
     * Replaces the configuration that this source keeps for the service beside its endpoints.
     *
     * @param sections JSON text of an object whose keys are sections of a service, such as {@code haproxy}; empty if
     *     the source keeps none
     */
    default void configure(String sections) {
        // A sink without an interest in configuration.
    }
}
