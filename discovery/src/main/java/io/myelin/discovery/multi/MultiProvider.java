package io.myelin.discovery.multi;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.WatcherProvider;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.polling.Totals;
import io.myelin.discovery.s3.ObjectReader;
import io.myelin.discovery.s3.S3Reader;
import io.myelin.model.EndpointSink;
import io.myelin.model.RandomSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Services with several sources; the loop on which most of those live puts together what they say. */
public final class MultiProvider implements WatcherProvider {
    private final Totals<MultiCount> counts = new Totals<>("multi", MultiCount.class);
    private final ObjectReader objects;
    private final RandomSource random;
    /** Mostly one: providers are made for the watchers of one process. */
    private final Map<RegistryLoop, Shared> shared = new ConcurrentHashMap<>();

    /** What all watchers on one loop share. */
    private record Shared(OwnerThread thread, Resolvers resolvers) {}

    /** Called by the service loader. */
    public MultiProvider() {
        this(new S3Reader(), RandomSource.SYSTEM);
    }

    /** Creates a provider whose toggles are read by {@code objects}, which it closes. */
    MultiProvider(ObjectReader objects, RandomSource random) {
        this.objects = objects;
        this.random = random;
    }

    @Override
    public boolean supports(DiscoveryConfig config) {
        return config instanceof MultiConfig;
    }

    @Override
    public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
        Shared tools = shared.computeIfAbsent(watchers.loop(), this::shared);
        return new MultiWatcher(service, (MultiConfig) config, sink, watchers, tools.thread(), tools.resolvers());
    }

    @Override
    public Map<String, Long> counts() {
        return counts.byMetric();
    }

    @Override
    public void close() {
        objects.close();
    }

    private Shared shared(RegistryLoop loop) {
        OwnerThread thread = new TickingLoop(loop);
        return new Shared(thread, new Resolvers(new Toggles(objects, thread, random, counts), counts));
    }
}
