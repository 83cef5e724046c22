package io.myelin.health.replica;

import io.myelin.health.lifecycle.LifecycleMonitor.ProbeReport;
import io.myelin.health.lifecycle.ReplicaState;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One replica as operators see it.
 *
 * @param name such as {@code web_a2d67bd9-4}
 * @param slot its place among the replicas of the service, from 0
 * @param ports the ports it listens on, in the order of the bindings
 * @param pid {@code null} if it is no process or does not run
 * @param exitCode of a process that ended, {@code null} otherwise
 * @param container the container's name, empty if it is a process
 * @param environment what it was given, secrets included; whoever shows it hides them
 * @param sinceMillis wall clock at which {@code state} began
 * @param reason why it is in this state, for people
 * @param probes what its probes found last
 */
public record ReplicaView(
        String name,
        int slot,
        ReplicaState state,
        List<Integer> ports,
        @Nullable Long pid,
        @Nullable Integer exitCode,
        String container,
        Map<String, String> environment,
        long sinceMillis,
        String reason,
        List<ProbeReport> probes) {
    public ReplicaView {
        ports = List.copyOf(ports);
        environment = Map.copyOf(environment);
        probes = List.copyOf(probes);
    }
}
