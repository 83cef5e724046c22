package io.myelin.discovery.docker;

import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.fetch.TlsFiles;

/**
 * A host that runs containers.
 *
 * @param name what the endpoints there are called, empty if nothing
 * @param host where their published ports are reached
 * @param daemon where its Docker is asked
 * @param tls what an encrypted daemon is shown, and verified by
 */
public record DockerHost(String name, String host, HttpOrigin daemon, TlsFiles tls) {
    /** Where Docker listens for Synapse, which knows it from before the port was registered. */
    public static final int DEFAULT_PORT = 4_243;
    /** Where an encrypted Docker listens. */
    public static final int DEFAULT_TLS_PORT = 2_376;

    /** Creates a host whose daemon, if it is encrypted, is verified by what the JDK trusts. */
    public DockerHost(String name, String host, HttpOrigin daemon) {
        this(name, host, daemon, TlsFiles.NONE);
    }

    public DockerHost {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host: blank (expected: an address or a host name)");
        }
    }
}
