package io.myelin.health.replica;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The replicas of one service as operators see them.
 *
 * @param config what was asked for
 * @param desired how many there should be, which an operator may have changed
 * @param ports the external ports in the order of the bindings, 0 for one that is not known yet
 * @param restarts how often a replica was started again
 * @param lastExitCode of the replica that ended last, {@code null} if none did
 * @param nextRestartMillis wall clock of the next restart, 0 if none is due
 * @param givenUp whether a slot was restarted as often as it may be
 * @param replicas by slot
 */
public record ReplicatedView(
        ReplicatedConfig config,
        int desired,
        List<Integer> ports,
        long restarts,
        @Nullable Integer lastExitCode,
        long nextRestartMillis,
        boolean givenUp,
        List<ReplicaView> replicas) {
    public ReplicatedView {
        ports = List.copyOf(ports);
        replicas = List.copyOf(replicas);
    }
}
