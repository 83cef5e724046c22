package io.myelin.model;

/** Where health checking delivers its conclusions about one service. Safe from any thread; calls return at once. */
@FunctionalInterface
public interface VerdictSink {
    void onVerdict(EndpointId endpoint, HealthVerdict verdict);
}
