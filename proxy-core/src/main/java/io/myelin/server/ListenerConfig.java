package io.myelin.server;

import io.myelin.http.ClientConfig;
import io.myelin.log.AccessConfig;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.Protocol;
import io.myelin.route.RouteConfig;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One listener: where it listens, what it speaks and where its traffic goes.
 *
 * @param name the service's name, or the frontend's; unique in the process
 * @param addresses at least one
 * @param protocol a TCP listener uses the default pool of {@code routes} only
 * @param routes the pools, by name
 * @param clientTimeout how long a client may stay silent in the middle of a message or tunnel; zero for no limit
 * @param client limits for HTTP clients
 * @param accessLog what is logged of requests or tunnels, {@code null} for nothing
 */
public record ListenerConfig(
        String name,
        List<BindAddress> addresses,
        Protocol protocol,
        RouteConfig routes,
        Duration clientTimeout,
        ClientConfig client,
        @Nullable AccessConfig accessLog) {
    public ListenerConfig {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("listener " + name + ": no address (expected: at least one)");
        }
        if (protocol == Protocol.TCP && routes.defaultPool() == null) {
            throw new IllegalArgumentException("listener " + name + ": no default pool (expected: one, for TCP)");
        }
    }

    /** Returns a listener with every default: no client timeout, {@link ClientConfig#DEFAULT}. */
    public static ListenerConfig of(String name, List<BindAddress> addresses, Protocol protocol, RouteConfig routes) {
        return new ListenerConfig(name, addresses, protocol, routes, Duration.ZERO, ClientConfig.DEFAULT, null);
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
        private @Nullable AccessConfig accessLog;

        private Builder(ListenerConfig settings) {
            name = settings.name;
            addresses = settings.addresses;
            protocol = settings.protocol;
            routes = settings.routes;
            clientTimeout = settings.clientTimeout;
            client = settings.client;
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

        public Builder accessLog(@Nullable AccessConfig newAccess) {
            accessLog = newAccess;
            return this;
        }

        public ListenerConfig build() {
            return new ListenerConfig(name, addresses, protocol, routes, clientTimeout, client, accessLog);
        }
    }
}
