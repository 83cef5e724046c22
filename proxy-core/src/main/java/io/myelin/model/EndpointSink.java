package io.myelin.model;

import java.util.List;
import java.util.Map;

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

    /**
     * Replaces what this source knows of the names of hosts that others than itself state: those of default servers.
     *
     * @param addresses the IP literals behind each name, at least one; a name that is missing stays a name
     */
    default void resolve(Map<String, List<String>> addresses) {
        // A sink that has no endpoints of its own.
    }
}
