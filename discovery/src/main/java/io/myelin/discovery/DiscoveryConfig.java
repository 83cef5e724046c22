package io.myelin.discovery;

import java.util.List;

/** Where the endpoints of one service come from. */
public interface DiscoveryConfig {
    /** Only the configured default servers (Synapse's {@code base}). */
    record Fixed() implements DiscoveryConfig {}

    /**
     * The children of a znode, as Nerve writes them.
     *
     * @param hosts {@code host:port} of each server of the ensemble
     * @param path the parent znode, absolute
     */
    record ZooKeeper(List<String> hosts, String path) implements DiscoveryConfig {
        public ZooKeeper {
            hosts = List.copyOf(hosts);
            if (hosts.isEmpty()) {
                throw new IllegalArgumentException("hosts: empty (expected: at least one host:port)");
            }
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("path: " + path + " (expected: an absolute znode path)");
            }
        }

        /** Returns what ZooKeeper's client connects to; equal for every order of the same hosts. */
        public String ensemble() {
            return String.join(",", hosts.stream().sorted().toList());
        }
    }
}
