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
}
