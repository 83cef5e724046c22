package io.myelin.health.replica;

import io.myelin.health.lifecycle.LifecycleConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A service whose replicas this process runs, or of which it tells its own replicas where it is.
 *
 * @param name unique in the process
 * @param launch how one replica is started
 * @param replicas how many there are, 0 or more
 * @param bindings where the service is reached
 * @param environment what its replicas get beside what Myelin tells them of the services
 * @param lifecycle when a replica is ready
 * @param restarts when a replica that ended is started again
 * @param stopLimit from SIGTERM to SIGKILL of the whole process tree
 */
public record ReplicatedConfig(
        String name,
        Launch launch,
        int replicas,
        List<ReplicaBinding> bindings,
        Map<String, String> environment,
        LifecycleConfig lifecycle,
        RestartPolicy restarts,
        Duration stopLimit) {
    /** Tye's wait before it kills. */
    public static final Duration DEFAULT_STOP_LIMIT = Duration.ofSeconds(5);

    public ReplicatedConfig {
        if (replicas < 0) {
            throw new IllegalArgumentException("replicas: " + replicas + " (expected: >= 0)");
        }
        bindings = List.copyOf(bindings);
        environment = Map.copyOf(environment);
    }

    /** Leaves the environment out, which may hold secrets. */
    @Override
    public String toString() {
        return "ReplicatedConfig[name=" + name + ", launch=" + launch + ", replicas=" + replicas + ", bindings="
                + bindings + "]";
    }
}
