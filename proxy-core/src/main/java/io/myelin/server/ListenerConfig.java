package io.myelin.server;

import io.myelin.access.AccessRules;
import io.myelin.http.ClientConfig;
import io.myelin.http.HttpRules;
import io.myelin.log.AccessConfig;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.Protocol;
import io.myelin.net.EntranceConfig;
import io.myelin.route.RouteConfig;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One listener: where it listens, what it speaks and where its traffic goes.
 *
 * @param name the service's name, or the frontend's; unique in the process
 * @param addresses at least one
 * @param protocol a TCP listener needs a default pool, and asks of connections only what goes without a request
 * @param routes the pools, by name
 * @param clientTimeout how long a client may stay silent in the middle of a message or tunnel; zero for no limit
 * @param client limits for HTTP clients
 * @param entrance what is asked of a connection before it is one of a client
 * @param access which clients' connections, or requests with HTTP, are taken up, and after which delay; {@code null}
 *     for all of them at once
 * @param tcpKeepAlive whether the kernel probes silent connections of clients
 * @param maxConnections how many client connections may be open at once, 0 for any number; others wait to be accepted
 * @param rules what is done to messages before the pool is chosen, and to responses last of all
 * @param routeRules what is done to requests once a route has taken them, by the number of the route; those that are
 *     left out have none
 * @param accessLog what is logged of requests or tunnels, {@code null} for nothing
 */
public record ListenerConfig(
        String name,
        List<BindAddress> addresses,
        Protocol protocol,
        RouteConfig routes,
        Duration clientTimeout,
        ClientConfig client,
        EntranceConfig entrance,
        @Nullable AccessRules access,
        boolean tcpKeepAlive,
        int maxConnections,
        HttpRules rules,
        List<HttpRules> routeRules,
        @Nullable AccessConfig accessLog) {
    public ListenerConfig {
        addresses = List.copyOf(addresses);
        routeRules = List.copyOf(routeRules);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("listener " + name + ": no address (expected: at least one)");
        }
        if (protocol == Protocol.TCP && routes.defaultPool() == null) {
            throw new IllegalArgumentException("listener " + name + ": no default pool (expected: one, for TCP)");
        }
        if (maxConnections < 0) {
            throw new IllegalArgumentException("max_connections: " + maxConnections + " (expected: >= 0)");
        }
    }

    /**
     * Returns a listener with every default: no client timeout, {@link ClientConfig#DEFAULT}, any number of clients, no
     * rules.
     */
    public static ListenerConfig of(String name, List<BindAddress> addresses, Protocol protocol, RouteConfig routes) {
        return new ListenerConfig(
                name,
                addresses,
                protocol,
                routes,
                Duration.ZERO,
                ClientConfig.DEFAULT,
                EntranceConfig.DEFAULT,
                null,
                false,
                0,
                HttpRules.NONE,
                List.of(),
                null);
    }

    /** Returns a builder that begins with these settings. */
    public Builder with() {
        return new Builder(this);
    }

    /** Changes some of the settings and keeps the others. */
    @OwnedBy(Owner.BUILDER)
    public static final class Builder {
        private String name;
        private List<BindAddress> addresses;
        private Protocol protocol;
        private RouteConfig routes;
        private Duration clientTimeout;
        private ClientConfig client;
        private EntranceConfig entrance;
        private @Nullable AccessRules access;
        private boolean tcpKeepAlive;
        private int maxConnections;
        private HttpRules rules;
        private List<HttpRules> routeRules;
        private @Nullable AccessConfig accessLog;

        private Builder(ListenerConfig settings) {
            name = settings.name;
            addresses = settings.addresses;
            protocol = settings.protocol;
            routes = settings.routes;
            clientTimeout = settings.clientTimeout;
            client = settings.client;
            entrance = settings.entrance;
            access = settings.access;
            tcpKeepAlive = settings.tcpKeepAlive;
            maxConnections = settings.maxConnections;
            rules = settings.rules;
            routeRules = settings.routeRules;
            accessLog = settings.accessLog;
        }

        public Builder name(String newName) {
            name = newName;
            return this;
        }

        public Builder addresses(List<BindAddress> newAddresses) {
            addresses = newAddresses;
            return this;
        }

        public Builder protocol(Protocol newProtocol) {
            protocol = newProtocol;
            return this;
        }

        public Builder routes(RouteConfig newRoutes) {
            routes = newRoutes;
            return this;
        }

        public Builder clientTimeout(Duration newClientTimeout) {
            clientTimeout = newClientTimeout;
            return this;
        }

        public Builder client(ClientConfig newClient) {
            client = newClient;
            return this;
        }

        public Builder entrance(EntranceConfig newEntrance) {
            entrance = newEntrance;
            return this;
        }

        public Builder access(@Nullable AccessRules newAccess) {
            access = newAccess;
            return this;
        }

        public Builder tcpKeepAlive(boolean newTcpKeepAlive) {
            tcpKeepAlive = newTcpKeepAlive;
            return this;
        }

        public Builder maxConnections(int newMaxConnections) {
            maxConnections = newMaxConnections;
            return this;
        }

        public Builder rules(HttpRules newRules) {
            rules = newRules;
            return this;
        }

        public Builder routeRules(List<HttpRules> newRouteRules) {
            routeRules = newRouteRules;
            return this;
        }

        public Builder accessLog(@Nullable AccessConfig newAccess) {
            accessLog = newAccess;
            return this;
        }

        public ListenerConfig build() {
            return new ListenerConfig(
                    name,
                    addresses,
                    protocol,
                    routes,
                    clientTimeout,
                    client,
                    entrance,
                    access,
                    tcpKeepAlive,
                    maxConnections,
                    rules,
                    routeRules,
                    accessLog);
        }
    }
}
