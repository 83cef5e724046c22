package io.myelin.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a service, as its registry or the configuration describes it.
 *
 * @param id the identity derived from name, host and port
 * @param name what the registry calls it, empty if nothing
 * @param host an IP literal (IPv6 without brackets), a host name, or the path of a Unix socket, which begins with a
 *     slash
 * @param port 1..65535, 0 for a Unix socket
 * @param weight relative share of new work, 0..{@value #MAX_WEIGHT}; {@code null} when the source states none
 * @param backup whether it serves only when no other endpoint of its pool can
 * @param labels the registry's labels, for filters and for show
 * @param options per-endpoint option text as HAProxy would read it, empty if none
 * @param sequence the registry's number for this registration, which changes when the same endpoint registers anew
 */
public record Endpoint(
        EndpointId id,
        String name,
        String host,
        int port,
        @Nullable Integer weight,
        boolean backup,
        Map<String, String> labels,
        String options,
        @Nullable Long sequence) {
    /** The largest weight, as in HAProxy. */
    public static final int MAX_WEIGHT = 256;

    public Endpoint {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host: blank (expected: an address or a host name)");
        }
        boolean path = isPath(host);
        if (port < (path ? 0 : 1) || port > (path ? 0 : 65_535)) {
            throw new IllegalArgumentException(
                    "port: " + port + " (expected: " + (path ? "0 for a Unix socket" : "1..65535") + ")");
        }
        if (weight != null && (weight < 0 || weight > MAX_WEIGHT)) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: 0.." + MAX_WEIGHT + ")");
        }
        labels = Map.copyOf(labels);
    }

    /** Returns an endpoint with nothing but an address; an empty {@code name} means that it has none. */
    public static Endpoint of(String name, String host, int port) {
        return new Endpoint(EndpointId.of(name, host, port), name, host, port, null, false, Map.of(), "", null);
    }

    /** Returns an endpoint that listens on the Unix socket at {@code path}, which begins with a slash. */
    public static Endpoint ofUnix(String name, String path) {
        return of(name, path, 0);
    }

    /** Returns whether {@code host} is the path of a Unix socket. */
    static boolean isPath(String host) {
        return host.startsWith("/");
    }

    /** Returns whether the endpoint listens on a Unix socket, whose path is its host. */
    public boolean unix() {
        return isPath(host);
    }

    public Endpoint withWeight(@Nullable Integer newWeight) {
        return new Endpoint(id, name, host, port, newWeight, backup, labels, options, sequence);
    }

    public Endpoint withBackup(boolean newBackup) {
        return new Endpoint(id, name, host, port, weight, newBackup, labels, options, sequence);
    }

    public Endpoint withLabels(Map<String, String> newLabels) {
        return new Endpoint(id, name, host, port, weight, backup, newLabels, options, sequence);
    }

    public Endpoint withOptions(String newOptions) {
        return new Endpoint(id, name, host, port, weight, backup, labels, newOptions, sequence);
    }

    public Endpoint withSequence(@Nullable Long newSequence) {
        return new Endpoint(id, name, host, port, weight, backup, labels, options, newSequence);
    }

    /** Returns this endpoint at another host, which makes it another identity. */
    public Endpoint withHost(String newHost) {
        return new Endpoint(
                EndpointId.of(name, newHost, port), name, newHost, port, weight, backup, labels, options, sequence);
    }

    /** Returns this endpoint at another port, which makes it another identity; a Unix socket has none to change. */
    public Endpoint withPort(int newPort) {
        if (unix()) {
            return this;
        }
        return new Endpoint(
                EndpointId.of(name, host, newPort), name, host, newPort, weight, backup, labels, options, sequence);
    }

    /** Equal endpoints have equal ids, whose text remembers its hash: a pool of thousands is compared at every fold. */
    @Override
    public int hashCode() {
        return id.hashCode();
    }

    /** Returns {@code host:port}, with brackets around an IPv6 literal, or the path of the Unix socket. */
    public String address() {
        if (unix()) {
            return host;
        }
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
