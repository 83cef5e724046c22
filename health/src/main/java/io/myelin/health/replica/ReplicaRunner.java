package io.myelin.health.replica;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Starts replicas. Called by the thread {@code replicas}. */
@FunctionalInterface
interface ReplicaRunner {
    /**
     * Starts a replica and returns once it runs.
     *
     * @param output is given every line that it writes, on a thread of the runner
     * @throws IOException if it cannot be started; its message says why, for people
     */
    RunningReplica start(Start start, Consumer<String> output) throws IOException;

    /**
     * What is to be started.
     *
     * @param replica the name of the replica
     * @param launch never external
     * @param bindings where its service is reached
     * @param ports where it is to listen on this host, in the order of {@code bindings}
     * @param environment beside that of this process
     * @param stopLimit how long it may take to end when it is asked to
     */
    record Start(
            String replica,
            Launch launch,
            List<ReplicaBinding> bindings,
            List<Integer> ports,
            Map<String, String> environment,
            Duration stopLimit) {
        public Start {
            bindings = List.copyOf(bindings);
            ports = List.copyOf(ports);
            environment = Map.copyOf(environment);
        }

        /** Leaves the environment out, which may hold secrets. */
        @Override
        public String toString() {
            return "Start[replica=" + replica + ", launch=" + launch + ", ports=" + ports + "]";
        }
    }
}
