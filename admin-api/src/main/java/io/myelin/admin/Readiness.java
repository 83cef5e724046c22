package io.myelin.admin;

import io.myelin.model.SourceStatus;
import io.myelin.pool.Pool;
import java.util.List;

/**
 * Whether the process may be given traffic, as JSON.
 *
 * @param status {@code ready}, {@code starting} or {@code draining}
 * @param missing the services that have nothing to serve until their source is read
 */
record Readiness(String status, List<String> missing) {
    private static final String READY = "ready";

    static Readiness of(ProcessView view) {
        List<String> missing = view.pools().stream()
                .filter(Readiness::waiting)
                .map(Pool::name)
                .sorted()
                .toList();
        if (view.draining()) {
            return new Readiness("draining", missing);
        }
        boolean configured = view.config().version() > 0;
        return new Readiness(configured && missing.isEmpty() ? READY : "starting", missing);
    }

    boolean ready() {
        return status.equals(READY);
    }

    private static boolean waiting(Pool pool) {
        SourceStatus source = pool.sourceStatus();
        return source != null
                && source.state() == SourceStatus.State.STARTING
                && pool.snapshot().members().isEmpty();
    }
}
