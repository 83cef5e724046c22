package io.myelin.model;

/**
 * The identity of an endpoint within its service: its name, host and port. Equal ids are the same member, whatever
 * registry id it was announced under.
 *
 * @param value {@code name_host:port}, or {@code host:port} when the endpoint has no name: the form HAProxy's server
 *     names have under Synapse; {@code name_/path} and {@code /path} for a Unix socket
 */
public record EndpointId(String value) {
    public EndpointId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("endpoint id is blank (expected: name_host:port)");
        }
    }

    /** Returns the identity of an endpoint; an empty {@code name} means that it has none. */
    public static EndpointId of(String name, String host, int port) {
        String address = Endpoint.isPath(host) ? host : host + ":" + port;
        return new EndpointId(name.isEmpty() ? address : name + "_" + address);
    }

    @Override
    public String toString() {
        return value;
    }
}
