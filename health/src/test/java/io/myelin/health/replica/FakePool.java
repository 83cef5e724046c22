package io.myelin.health.replica;

import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.EndpointSet;
import io.myelin.model.HealthVerdict;
import io.myelin.model.SourceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Remembers what it was told. */
final class FakePool implements ReplicaPool {
    List<Endpoint> endpoints = List.of();
    final Map<EndpointId, HealthVerdict> verdicts = new HashMap<>();
    final Map<EndpointId, CompletableFuture<Void>> waiting = new LinkedHashMap<>();
    final List<Duration> limits = new ArrayList<>();
    /** Whether replicas have work that does not end. */
    boolean busy;

    @Override
    public void replace(EndpointSet set) {
        endpoints = set.endpoints();
    }

    @Override
    public void status(SourceStatus status) {
        // Nobody looks.
    }

    @Override
    public void onVerdict(EndpointId endpoint, HealthVerdict verdict) {
        verdicts.put(endpoint, verdict);
    }

    @Override
    public CompletionStage<Void> whenIdle(EndpointId endpoint, Duration limit) {
        limits.add(limit);
        CompletableFuture<Void> idle = new CompletableFuture<>();
        if (busy) {
            waiting.put(endpoint, idle);
        } else {
            idle.complete(null);
        }
        return idle;
    }

    /** Returns the names of those that take work. */
    List<String> serving() {
        return endpoints.stream()
                .filter(endpoint -> verdicts.containsKey(endpoint.id())
                        && verdicts.get(endpoint.id()).admitsTraffic())
                .map(Endpoint::name)
                .toList();
    }

    List<String> names() {
        return endpoints.stream().map(Endpoint::name).toList();
    }
}
