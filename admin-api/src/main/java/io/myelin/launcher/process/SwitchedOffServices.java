package io.myelin.launcher.process;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.SourceStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services that their registry switched off: they have no pool, and are followed only to hear when it switches them
 * on. Used by one thread.
 */
final class SwitchedOffServices implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SwitchedOffServices.class);
    private static final EndpointSink NOBODY = new EndpointSink() {
        @Override
        public void replace(EndpointSet endpoints) {
            // There is no pool.
        }

        @Override
        public void status(SourceStatus status) {
            // Nobody asks for it.
        }
    };

    private final Sources sources;
    private final Map<String, Followed> followed = new HashMap<>();

    private record Followed(DiscoveryConfig discovery, ServiceWatcher watcher) {}

    SwitchedOffServices(Sources sources) {
        this.sources = sources;
    }

    /** Follows {@code wanted} and no others. */
    void reconcile(Map<String, DiscoveryConfig> wanted) {
        for (String service : new HashSet<>(followed.keySet())) {
            Followed current = followed.get(service);
            if (current != null && !current.discovery.equals(wanted.get(service))) {
                followed.remove(service);
                current.watcher.close();
            }
        }
        wanted.forEach(this::follow);
    }

    @Override
    public void close() {
        reconcile(Map.of());
    }

    private void follow(String service, DiscoveryConfig discovery) {
        if (!followed.containsKey(service)) {
            log.info("Service switched off by its registry: service={}", service);
            ServiceWatcher watcher = sources.watcher(service, discovery, NOBODY);
            followed.put(service, new Followed(discovery, watcher));
            watcher.start();
        }
    }
}
