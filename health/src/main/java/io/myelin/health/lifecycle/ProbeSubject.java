package io.myelin.health.lifecycle;

import java.util.List;

/**
 * An instance as probes see it.
 *
 * @param service whose instance it is
 * @param name unique among the instances of the service
 * @param ports where it listens, in the order of its bindings; none if it listens nowhere
 */
public record ProbeSubject(String service, String name, List<Port> ports) {
    public ProbeSubject {
        ports = List.copyOf(ports);
    }

    /**
     * Where an instance listens.
     *
     * @param external the port by which clients know it, 0 if they know none
     * @param protocol such as {@code http}, empty if nothing is said
     * @param host an IP literal, a host name, or the path of a Unix socket
     * @param port the instance's own
     */
    public record Port(int external, String protocol, String host, int port) {}
}
