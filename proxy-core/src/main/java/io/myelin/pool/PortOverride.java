package io.myelin.pool;

import io.myelin.model.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The port at which an endpoint is used instead of the one it is registered at.
 *
 * @param number the port, 1..65535; or how far it is above the registered one, -65534..65534
 * @param relative whether {@code number} counts from the registered port
 */
public record PortOverride(int number, boolean relative) {
    private static final int LAST_PORT = 65_535;

    public PortOverride {
        if (relative ? Math.abs(number) >= LAST_PORT : !valid(number)) {
            throw new IllegalArgumentException("backend_port_override: " + number + " (expected: "
                    + (relative ? "-65534..65534" : "1..65535") + ")");
        }
    }

    /** Returns the override that gives every endpoint the same port. */
    public static PortOverride to(int port) {
        return new PortOverride(port, false);
    }

    /** Returns the override that moves every port up by {@code offset}, or down if that is negative. */
    public static PortOverride by(int offset) {
        return new PortOverride(offset, true);
    }

    /** Returns {@code endpoint} at the other port, {@code null} if there is no such port; a Unix socket has none. */
    @Nullable
    Endpoint applyTo(Endpoint endpoint) {
        int port = relative ? endpoint.port() + number : number;
        if (endpoint.unix() || port == endpoint.port()) {
            return endpoint;
        }
        return valid(port) ? endpoint.withPort(port) : null;
    }

    private static boolean valid(int port) {
        return port >= 1 && port <= LAST_PORT;
    }
}
