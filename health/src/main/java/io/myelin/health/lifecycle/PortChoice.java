package io.myelin.health.lifecycle;

import io.myelin.health.lifecycle.ProbeSubject.Port;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which port of an instance a probe asks.
 *
 * @param subject the instance
 * @param probe {@code liveness} or {@code readiness}
 * @param port the external port of the binding, {@code null} for any; where clients know no port of the instance, the
 *     instance's own
 */
record PortChoice(
        ProbeSubject subject, String probe, @Nullable Integer port) {
    /**
     * Returns the first port there is.
     *
     * @throws IllegalArgumentException if there is none
     */
    Port first() {
        return candidates().get(0);
    }

    /**
     * Returns the first port of the protocol, and else the first there is.
     *
     * @throws IllegalArgumentException if there is none
     */
    Port preferring(String protocol) {
        List<Port> candidates = candidates();
        return candidates.stream()
                .filter(candidate -> candidate.protocol().equals(protocol))
                .findFirst()
                .orElse(candidates.get(0));
    }

    /**
     * Returns the first port of the protocol, or else the first of which no protocol is known.
     *
     * @param protocol {@code http} or {@code https}; empty for the first of both, and for any port that is asked for by
     *     its number
     * @throws IllegalArgumentException if there is none
     */
    Port speaking(String protocol) {
        List<Port> candidates = candidates();
        List<String> wanted = protocol.isEmpty() ? List.of("http", "https", "") : List.of(protocol, "");
        for (String choice : wanted) {
            for (Port candidate : candidates) {
                if (candidate.protocol().equals(choice)) {
                    return candidate;
                }
            }
        }
        if (protocol.isEmpty() && port != null) {
            return candidates.get(0);
        }
        throw refused("protocol: " + (protocol.isEmpty() ? "http or https" : protocol), "protocols", protocols());
    }

    private List<Port> candidates() {
        List<Port> all = subject.ports();
        if (all.isEmpty()) {
            throw refused("no port is known", "ports", "none");
        }
        if (port == null) {
            return all;
        }
        if (all.stream().allMatch(known -> known.external() == 0)) {
            Port only = all.get(0);
            return List.of(new Port(0, only.port() == port ? only.protocol() : "", only.host(), port));
        }
        List<Port> matching =
                all.stream().filter(known -> known.external() == port).toList();
        if (matching.isEmpty()) {
            throw refused("port: " + port, "ports", externals());
        }
        return matching;
    }

    private String externals() {
        return subject.ports().stream()
                .map(known -> Integer.toString(known.external()))
                .collect(Collectors.joining(", "));
    }

    private String protocols() {
        return subject.ports().stream()
                .map(known -> known.protocol().isEmpty() ? "unknown" : known.protocol())
                .collect(Collectors.joining(", "));
    }

    private IllegalArgumentException refused(String what, String kind, String known) {
        return new IllegalArgumentException("service " + subject.service() + ": " + probe + ": " + what
                + " (expected: one of the service's bindings, whose " + kind + " are " + known + ")");
    }
}
