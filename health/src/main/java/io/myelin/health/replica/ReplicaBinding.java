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
 * @param decrypted whether TLS ends here, so that replicas speak what is inside
 */
public record ReplicaBinding(
        String name,
        String pool,
        @Nullable Integer port,
        @Nullable Integer containerPort,
        String host,
        String protocol,
        String connectionString,
        boolean decrypted) {
    /** A binding whose replicas speak what clients speak. */
    public ReplicaBinding(
            String name,
            String pool,
            @Nullable Integer port,
            @Nullable Integer containerPort,
            String host,
            String protocol,
            String connectionString) {
        this(name, pool, port, containerPort, host, protocol, connectionString, false);
    }

    /** Returns what replicas speak, such as {@code http}; empty if nothing is said. */
    public String spoken() {
        return decrypted && protocol.equals("https") ? "http" : protocol;
    }

    /** Leaves the connection string out, which may hold a password. */
    @Override
    public String toString() {
        return "ReplicaBinding[name=" + name + ", pool=" + pool + ", port=" + port + ", containerPort=" + containerPort
                + ", host=" + host + ", protocol=" + protocol + "]";
    }
}
