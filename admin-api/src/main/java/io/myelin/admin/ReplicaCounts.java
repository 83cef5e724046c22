package io.myelin.admin;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of the replicas of one service.
 *
 * @param service its name
 * @param desired how many there should be
 * @param states how many there are in each state, such as {@code ready}
 * @param restarts how often a replica was started again
 * @param lastExitCode of the replica that ended last, {@code null} if none did
 * @param givenUp whether a replica was restarted as often as it may be
 */
public record ReplicaCounts(
        String service,
        int desired,
        Map<String, Integer> states,
        long restarts,
        @Nullable Integer lastExitCode,
        boolean givenUp) {
    public ReplicaCounts {
        states = Map.copyOf(states);
    }
}
