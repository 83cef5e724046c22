package io.myelin.health.replica;

import java.util.List;
import java.util.Map;

/** What replicas are told by their environment. Runs on the thread {@code replicas} and does not block. */
@FunctionalInterface
public interface ReplicaVariables {
    /**
     * Returns the variables of one replica, beside those that this process has itself.
     *
     * @param replica its name
     * @param ports where it is to listen, in the order of the bindings
     */
    Map<String, String> of(ReplicatedConfig service, String replica, List<Integer> ports);
}
