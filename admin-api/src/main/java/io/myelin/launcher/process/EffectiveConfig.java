package io.myelin.launcher.process;

import io.myelin.admin.BrokenService;
import io.myelin.config.LoadedConfig;
import io.myelin.config.MyelinConfig;
import io.myelin.config.Problem;
import io.myelin.config.ServiceConfig;
import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.http.HttpRules;
import io.myelin.log.AccessConfig;
import io.myelin.pool.PoolConfig;
import io.myelin.route.RouteConfig;
import io.myelin.server.ListenerConfig;
import io.myelin.server.ProxyConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is run after files were read: the services that can be used, and for one that cannot the version that already
 * runs.
 *
 * @param services with unique names
 * @param frontends as the files say
 * @param broken the services whose latest version cannot be used, whether or not an older one runs
 * @param maxConnections how many clients there may be at all listeners together, 0 for any number
 */
record EffectiveConfig(
        List<ServiceConfig> services, List<ListenerConfig> frontends, List<BrokenService> broken, int maxConnections) {
    EffectiveConfig {
        services = List.copyOf(services);
        frontends = List.copyOf(frontends);
        broken = List.copyOf(broken);
    }

    /** Returns what to run when {@code running} is what runs now and {@code loaded} is what the files say. */
    static EffectiveConfig of(List<ServiceConfig> running, LoadedConfig loaded) {
        MyelinConfig config = loaded.config();
        List<ServiceConfig> services = new ArrayList<>(ReplicaRoster.fed(config));
        running.stream()
                .filter(service -> loaded.brokenServices().contains(service.name()))
                .forEach(services::add);
        List<BrokenService> broken = loaded.brokenServices().stream()
                .map(name -> new BrokenService(name, problemsOf(name, loaded)))
                .toList();
        return new EffectiveConfig(services, config.frontends(), broken, config.maxConnections());
    }

    /**
     * Returns what the data plane is to serve. A frontend may route to a service that cannot be used: that service gets
     * a pool without members, so that its requests fail as its own instead of reaching another service.
     */
    ProxyConfig proxy() {
        Map<String, PoolConfig> pools = new LinkedHashMap<>();
        services.forEach(service -> pools.put(service.name(), pool(service)));
        List<ListenerConfig> listeners = listeners();
        listeners.stream()
                .map(ListenerConfig::routes)
                .flatMap(EffectiveConfig::poolNames)
                .forEach(name -> pools.computeIfAbsent(name, PoolConfig::named));
        return new ProxyConfig(List.copyOf(pools.values()), listeners, maxConnections, rules());
    }

    /** Where probes say who is ready, a new member waits until they do. */
    private static PoolConfig pool(ServiceConfig service) {
        PoolConfig pool = service.pool();
        LifecycleConfig life = service.lifecycle();
        return life == null || !life.probes()
                ? pool
                : pool.with().admission(pool.admission().proven()).build();
    }

    /** Returns the rules of the services that have any. */
    private Map<String, HttpRules> rules() {
        return services.stream()
                .filter(service -> !service.rules().isEmpty())
                .collect(Collectors.toMap(ServiceConfig::name, ServiceConfig::rules));
    }

    /** Returns what listeners log. */
    Stream<AccessConfig> accessLogs() {
        return listeners().stream().map(ListenerConfig::accessLog).filter(Objects::nonNull);
    }

    private List<ListenerConfig> listeners() {
        return Stream.concat(
                        services.stream().map(ServiceConfig::listener).filter(Objects::nonNull), frontends.stream())
                .toList();
    }

    private static Stream<String> poolNames(RouteConfig routes) {
        return Stream.concat(
                routes.routes().stream().map(RouteConfig.Route::pool), Stream.ofNullable(routes.defaultPool()));
    }

    private static List<String> problemsOf(String service, LoadedConfig loaded) {
        return loaded.problems().stream()
                .filter(problem -> problem.service().equals(service))
                .map(Problem::toString)
                .toList();
    }
}
