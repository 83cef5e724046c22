package io.myelin.admin;

import io.myelin.accesslog.AccessLogCounter;
import io.myelin.http.Violation;
import io.myelin.server.ProcessConnections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The process as a whole, as JSON.
 *
 * @param connections of clients
 * @param unroutedFailures how many exchanges failed before a pool was chosen, by reason
 * @param violations how many messages broke a rule of HTTP, by side and rule
 * @param accessLog what became of lines of access logs
 * @param tls of the operators' own listener, {@code null} for plain text
 * @param replicaStore where it is written down which replicas run, {@code null} if none are
 */
record ProcessStatus(
        String version,
        String java,
        String transport,
        boolean draining,
        ConnectionsView connections,
        ConfigView config,
        Map<String, Long> unroutedFailures,
        ViolationCounts violations,
        Map<String, Long> accessLog,
        @Nullable TlsView tls,
        @Nullable StoreView replicaStore) {
    /**
     * Where it is written down which replicas run, as JSON.
     *
     * @param failures how often that failed
     * @param trouble why it cannot be done now, {@code null} if it can
     */
    record StoreView(long failures, @Nullable String trouble) {
        static @Nullable StoreView of(ReplicaOrders replicas) {
            String trouble = replicas.storeTrouble();
            return replicas.counts().isEmpty()
                    ? null
                    : new StoreView(replicas.storeFailures(), trouble.isEmpty() ? null : trouble);
        }
    }

    /** How many messages broke each rule, as JSON. */
    record ViolationCounts(Map<String, Long> requests, Map<String, Long> responses) {}

    /** What became of the configuration, as JSON. */
    record ConfigView(
            long version,
            @Nullable String appliedAt,
            long rejected,
            @Nullable String error) {}

    /**
     * The client connections of all listeners, as JSON.
     *
     * @param limit how many may be open at once, {@code null} for any number
     */
    record ConnectionsView(long open, @Nullable Integer limit) {
        static ConnectionsView of(ProcessConnections connections) {
            return new ConnectionsView(connections.open(), connections.limit() == 0 ? null : connections.limit());
        }
    }

    static ProcessStatus of(ProcessView view) {
        ConfigStatus config = view.config();
        return new ProcessStatus(
                view.version(),
                Runtime.version().toString(),
                view.transport(),
                view.draining(),
                ConnectionsView.of(view.connections()),
                new ConfigView(
                        config.version(),
                        Times.iso(config.appliedMillis()),
                        config.rejected(),
                        config.error().isEmpty() ? null : config.error()),
                FailureCounts.of(view::unrouted),
                new ViolationCounts(counts(view::refusedRequests), counts(view::refusedResponses)),
                Json.numbers(EnumSet.allOf(AccessLogCounter.class), view::accessLog),
                TlsView.of(view.adminTls()),
                StoreView.of(view.replicaOrders()));
    }

    private static Map<String, Long> counts(ToLongFunction<Violation> count) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Violation rule : Violation.values()) {
            counts.put(rule.label(), count.applyAsLong(rule));
        }
        return counts;
    }
}
