package io.myelin.stats;

import io.myelin.health.ServiceChecks;
import io.myelin.pool.Pool;
import io.myelin.server.ListenerStatus;
import io.myelin.server.ProcessConnections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What statistics are made of. Every method returns at once and is safe from any thread. */
public interface StatsView {
    /** Returns the pools that serve, with unique names, in the order of the configuration. */
    List<Pool> pools();

    /** Returns the pool of that name or alias, {@code null} if there is none. */
    @Nullable
    Pool pool(String name);

    /** Returns the state of every address of every listener. */
    List<ListenerStatus> listeners();

    /** Returns the checks of a service, {@code null} if its members are not checked. */
    @Nullable
    ServiceChecks checks(String service);

    /** Returns how many client connections there are, and how many there may be. */
    ProcessConnections connections();

    /** Returns the version of this program. */
    String version();
}
