package io.myelin.launcher.process;

import io.myelin.health.ServiceChecks;
import io.myelin.pool.Pool;
import io.myelin.server.ListenerStatus;
import io.myelin.server.ProcessConnections;
import io.myelin.server.ProxyServer;
import io.myelin.stats.StatsView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What statistics see of the process. */
record ObservedProcess(ProxyServer server, Sources sources, String version) implements StatsView {
    @Override
    public List<Pool> pools() {
        return server.pools();
    }

    @Override
    public @Nullable Pool pool(String name) {
        Pool named = server.pool(name);
        return named != null
                ? named
                : server.pools().stream()
                        .filter(pool -> pool.alias().equals(name))
                        .findFirst()
                        .orElse(null);
    }

    @Override
    public List<ListenerStatus> listeners() {
        return server.listeners();
    }

    @Override
    public @Nullable ServiceChecks checks(String service) {
        return sources.checker().checks(service);
    }

    @Override
    public ProcessConnections connections() {
        return server.connections();
    }
}
