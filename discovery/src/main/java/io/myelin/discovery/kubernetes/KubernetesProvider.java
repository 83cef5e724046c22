package io.myelin.discovery.kubernetes;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.WatcherProvider;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.fetch.HttpFetcher;
import io.myelin.discovery.kubernetes.ObjectFollower.Means;
import io.myelin.discovery.polling.Totals;
import io.myelin.model.EndpointSink;
import io.myelin.model.RandomSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Services that run in Kubernetes. */
public final class KubernetesProvider implements WatcherProvider {
    private final Timing timing;
    private final Surroundings surroundings;
    private final RandomSource random;
    private final Totals<KubernetesCount> totals = new Totals<>("kubernetes", KubernetesCount.class);
    /** Mostly one: providers are made for the watchers of one process. */
    private final Map<RegistryLoop, ObjectFollowers> followers = new ConcurrentHashMap<>();

    /** Called by the service loader. */
    public KubernetesProvider() {
        this(Timing.DEFAULT, Surroundings.ofProcess(), RandomSource.SYSTEM);
    }

    KubernetesProvider(Timing timing, Surroundings surroundings, RandomSource random) {
        this.timing = timing;
        this.surroundings = surroundings;
        this.random = random;
    }

    @Override
    public boolean supports(DiscoveryConfig config) {
        return config instanceof KubernetesConfig;
    }

    @Override
    public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
        RegistryLoop loop = watchers.loop();
        ObjectFollowers shared =
                followers.computeIfAbsent(loop, any -> new ObjectFollowers(means(watchers), surroundings));
        return new KubernetesWatcher(service, (KubernetesConfig) config, sink, shared, loop, totals, watchers.clock());
    }

    @Override
    public Map<String, Long> counts() {
        return totals.byMetric();
    }

    @Override
    public void close() {
        // Connections end with the loop.
    }

    private Means means(Watchers watchers) {
        RegistryLoop loop = watchers.loop();
        return new Means(loop, new HttpFetcher(loop, timing.answer()), totals, watchers.clock(), random, timing);
    }
}
