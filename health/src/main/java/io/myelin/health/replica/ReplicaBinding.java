package io.myelin.health.replica;

import org.jspecify.annotations.Nullable;

/**
 * One place at which a service is reached.
 *
 * @param name unique in the service, empty if it is the only one
 * @param pool the pool of the replicas' ports behind it, unique in the process
 * @param port the external port, {@code null} for one that the operating system chooses
 * @param containerPort where a container listens, {@code null} if nothing is said
 * @param host where the service is reached when it is external, empty for this host
 * @param protocol such as {@code http}, {@code https}, {@code tcp}; empty if nothing is said
 * @param connectionString given to others instead of an address, empty if nothing is said
 */
public record ReplicaBinding(
        String name,
        String pool,
        @Nullable Integer port,
        @Nullable Integer containerPort,
        String host,
        String protocol,
        String connectionString) {
    /** Leaves the connection string out, which may hold a password. */
    @Override
    public String toString() {
        return "ReplicaBinding[name=" + name + ", pool=" + pool + ", port=" + port + ", containerPort=" + containerPort
                + ", host=" + host + ", protocol=" + protocol + "]";
    }
}
