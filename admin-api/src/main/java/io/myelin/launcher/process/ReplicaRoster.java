package io.myelin.launcher.process;

import io.myelin.admin.ReplicaOrders;
import io.myelin.config.ApplicationConfig;
import io.myelin.config.LoadedConfig;
import io.myelin.config.MyelinConfig;
import io.myelin.config.ServiceConfig;
import io.myelin.control.ControlLoop;
import io.myelin.health.lifecycle.LifecycleMonitor;
import io.myelin.health.replica.ApplicationEnvironment;
import io.myelin.health.replica.Launch;
import io.myelin.health.replica.ReplicaBinding;
import io.myelin.health.replica.ReplicaControl;
import io.myelin.health.replica.ReplicaPlan;
import io.myelin.health.replica.ReplicaPool;
import io.myelin.health.replica.ReplicaSupervisor;
import io.myelin.health.replica.ReplicatedConfig;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.server.ListenerStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The services whose replicas this process runs. Used by one thread, except for {@link #control}. */
@OwnedBy(Owner.BUILDER)
final class ReplicaRoster implements AutoCloseable {
    /** What killing may take after the stop limit. */
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private final ReplicaSupervisor supervisor;
    private final ControlLoop control;
    private final Clock clock;
    private final Path runDirectory;
    private final Map<String, ReplicatedPool> pools = new HashMap<>();
    private List<ReplicatedConfig> running = List.of();

    /**
     * Creates a roster of nothing.
     *
     * @param runDirectory where replicas are written down unless the configuration names another place
     */
    ReplicaRoster(LifecycleMonitor monitor, ControlLoop control, Clock clock, RandomSource random, Path runDirectory) {
        this.supervisor = new ReplicaSupervisor(monitor, clock, random);
        this.control = control;
        this.clock = clock;
        this.runDirectory = runDirectory;
    }

    /** Returns what operators see and do; safe from any thread. */
    ReplicaControl control() {
        return supervisor;
    }

    /** Returns how operators ask for something; safe from any thread. */
    ReplicaOrders orders() {
        return new ReplicaDesk(supervisor);
    }

    /**
     * Returns the services of a configuration, of which those that replicas feed take exactly the replicas that there
     * are, and none of them before it is ready; who is, its supervisor says.
     */
    static List<ServiceConfig> fed(MyelinConfig config) {
        Set<String> fed = new HashSet<>();
        config.application().services().stream()
                .filter(service -> !(service.launch() instanceof Launch.External))
                .flatMap(service -> service.bindings().stream())
                .forEach(binding -> fed.add(binding.pool()));
        return config.services().stream()
                .map(service -> fed.contains(service.name()) ? fed(service) : service)
                .toList();
    }

    /**
     * Makes the services of {@code loaded} what is run; one whose latest version cannot be used goes on as it was.
     *
     * @param listeners which were bound before
     * @param served returns the pool of that name
     */
    void reconcile(LoadedConfig loaded, List<ListenerStatus> listeners, Function<String, @Nullable Pool> served) {
        ApplicationConfig application = loaded.config().application();
        running = effective(application.services(), loaded.brokenServices());
        Map<String, Integer> ports = new HashMap<>();
        listeners.stream().filter(ListenerStatus::listening).forEach(listener -> {
            if (listener.boundPort() > 0) {
                ports.putIfAbsent(listener.listener(), listener.boundPort());
            }
        });
        connect(served);
        Map<String, ReplicaPool> connected = Map.copyOf(pools);
        Path directory = application.runDirectory();
        supervisor.apply(new ReplicaPlan(
                running,
                ports,
                connected::get,
                new ApplicationEnvironment(running, ports, System::getenv)::of,
                directory == null ? runDirectory : directory));
    }

    /** Begins to end all replicas; completes when none runs any more. */
    CompletionStage<Void> stop() {
        return supervisor.stop();
    }

    /** Returns how long {@link #stop} may take. */
    Duration stopLimit() {
        return running.stream()
                .map(ReplicatedConfig::stopLimit)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO)
                .plus(KILL_LIMIT);
    }

    /** Kills what still runs. */
    @Override
    public void close() {
        supervisor.close();
    }

    private List<ReplicatedConfig> effective(List<ReplicatedConfig> wanted, List<String> broken) {
        List<ReplicatedConfig> effective = new ArrayList<>(wanted);
        Set<String> names = new HashSet<>();
        wanted.forEach(service -> names.add(service.name()));
        running.stream()
                .filter(service -> !names.contains(service.name()))
                .filter(service -> broken.contains(service.name())
                        || service.bindings().stream().map(ReplicaBinding::pool).anyMatch(broken::contains))
                .forEach(effective::add);
        return effective;
    }

    /** Keeps the way to every pool that stayed. */
    private void connect(Function<String, @Nullable Pool> served) {
        Set<String> wanted = new HashSet<>();
        running.stream()
                .filter(service -> !(service.launch() instanceof Launch.External))
                .flatMap(service -> service.bindings().stream())
                .forEach(binding -> wanted.add(binding.pool()));
        pools.keySet().retainAll(wanted);
        for (String name : wanted) {
            Pool pool = served.apply(name);
            ReplicatedPool known = pools.get(name);
            if (pool == null) {
                pools.remove(name);
            } else if (known == null || !known.is(pool)) {
                pools.put(name, new ReplicatedPool(pool, control, clock));
            }
        }
    }

    private static ServiceConfig fed(ServiceConfig service) {
        PoolConfig pool = service.pool();
        return new ServiceConfig(
                service.name(),
                service.discovery(),
                pool.with()
                        .membership(pool.membership().whenFolded())
                        .admission(pool.admission().proven())
                        .build(),
                service.check(),
                service.listener(),
                service.rules());
    }
}
