package io.myelin.admin;

import io.myelin.health.ServiceChecks;
import io.myelin.pool.Pool;
import io.myelin.server.ListenerStatus;
import io.myelin.server.ProcessConnections;
import io.myelin.stats.StatsView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What statistics see of a fake process, whose members are never checked. */
record FakeStatistics(FakeProcess process) implements StatsView {
    @Override
    public List<Pool> pools() {
        return process.pools();
    }

    @Override
    public @Nullable Pool pool(String name) {
        return process.pool(name);
    }

    @Override
    public List<ListenerStatus> listeners() {
        return process.listeners();
    }

    @Override
    public @Nullable ServiceChecks checks(String service) {
        return null;
    }

    @Override
    public ProcessConnections connections() {
        return process.connections();
    }

    @Override
    public String version() {
        return process.version();
    }
}
