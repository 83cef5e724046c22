package io.myelin.server;

import io.myelin.http.ClientConfig;
import io.myelin.model.Protocol;
import io.myelin.route.RouteConfig;
import java.time.Duration;
import java.util.List;

/**
 * One listener: where it listens, what it speaks and where its traffic goes.
 *
 * @param name the service's name, or the frontend's; unique in the process
 * @param addresses at least one
 * @param protocol a TCP listener uses the default pool of {@code routes} only
 * @param routes the pools, by name
 * @param clientTimeout how long a client may stay silent in the middle of a message or tunnel; zero for no limit
 * @param client limits for HTTP clients
 */
public record ListenerConfig(
        String name,
        List<BindAddress> addresses,
        Protocol protocol,
        RouteConfig routes,
        Duration clientTimeout,
        ClientConfig client) {
    public ListenerConfig {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("listener " + name + ": no address (expected: at least one)");
        }
        if (protocol == Protocol.TCP && routes.defaultPool() == null) {
            throw new IllegalArgumentException("listener " + name + ": no default pool (expected: one, for TCP)");
        }
    }
}
