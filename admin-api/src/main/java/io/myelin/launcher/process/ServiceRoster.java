package io.myelin.launcher.process;

import io.myelin.admin.BrokenService;
import io.myelin.config.ServiceConfig;
import io.myelin.pool.Pool;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services that run now, by name. Used by one thread. */
final class ServiceRoster implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServiceRoster.class);

    private final Sources sources;
    private final Map<String, RunningService> running = new LinkedHashMap<>();

    ServiceRoster(Sources sources) {
        this.sources = sources;
    }

    List<ServiceConfig> configs() {
        return running.values().stream().map(RunningService::config).toList();
    }

    /**
     * Makes {@code wanted} what runs: ends what is not wanted, starts what is new, and changes the others in place.
     *
     * @param pools returns the pool of a service
     * @return the services that could not be started or changed
     */
    List<BrokenService> reconcile(List<ServiceConfig> wanted, Function<String, @Nullable Pool> pools) {
        retain(wanted.stream().map(ServiceConfig::name).toList());
        List<BrokenService> broken = new ArrayList<>();
        for (ServiceConfig config : wanted) {
            try {
                run(config, pools.apply(config.name()));
            } catch (RuntimeException e) {
                log.error("Service could not be started: service={}", config.name(), e);
                broken.add(new BrokenService(config.name(), List.of("service " + config.name() + ": " + e)));
            }
        }
        return broken;
    }

    @Override
    public void close() {
        running.values().forEach(RunningService::close);
        running.clear();
    }

    private void retain(List<String> names) {
        Set<String> gone = new HashSet<>(running.keySet());
        names.forEach(gone::remove);
        for (String name : gone) {
            end(name);
            log.info("Service removed: service={}", name);
        }
    }

    private void run(ServiceConfig config, @Nullable Pool pool) {
        if (pool == null) {
            throw new IllegalStateException("service " + config.name() + " has no pool (expected: one per service)");
        }
        RunningService current = running.get(config.name());
        if (current != null && !current.feeds(pool)) {
            end(config.name());
            current = null;
        }
        if (current == null) {
            running.put(config.name(), new RunningService(config, pool, sources));
        } else if (!config.equals(current.config())) {
            current.reconfigure(config);
            log.info("Service changed: service={}", config.name());
        }
    }

    private void end(String name) {
        RunningService service = running.remove(name);
        if (service != null) {
            service.close();
        }
    }
}
