package io.myelin.discovery.docker;

import io.myelin.discovery.fetch.HttpOrigin;

/**
 * A host that runs containers.
 *
 * @param name what the endpoints there are called, empty if nothing
 * @param host where their published ports are reached
 * @param daemon where its Docker is asked
 */
public record DockerHost(String name, String host, HttpOrigin daemon) {
    /** Where Docker listens for Synapse, which knows it from before the port was registered. */
    public static final int DEFAULT_PORT = 4_243;

    public DockerHost {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host: blank (expected: an address or a host name)");
        }
    }
}
