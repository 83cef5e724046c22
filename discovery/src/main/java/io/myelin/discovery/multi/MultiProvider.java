package io.myelin.discovery.multi;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.WatcherProvider;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.polling.Totals;
import io.myelin.discovery.s3.ObjectReader;
import io.myelin.discovery.s3.S3Reader;
import io.myelin.model.EndpointSink;
import io.myelin.model.RandomSource;
import java.util.Map;

/** Services with several sources; one thread puts together what they say. */
public final class MultiProvider implements WatcherProvider {
    private final TickingLoop loop = new TickingLoop();
    private final Totals<MultiCount> counts = new Totals<>("multi", MultiCount.class);
    private final ObjectReader objects;
    private final Resolvers resolvers;

    /** Called by the service loader. */
    public MultiProvider() {
        this(new S3Reader(), RandomSource.SYSTEM);
    }

    /** Creates a provider whose toggles are read by {@code objects}, which it closes. */
    MultiProvider(ObjectReader objects, RandomSource random) {
        this.objects = objects;
        this.resolvers = new Resolvers(new Toggles(objects, loop, random, counts), counts);
    }

    @Override
    public boolean supports(DiscoveryConfig config) {
        return config instanceof MultiConfig;
    }

    @Override
    public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
        return new MultiWatcher(service, (MultiConfig) config, sink, watchers, loop, resolvers);
    }

    @Override
    public Map<String, Long> counts() {
        return counts.byMetric();
    }

    @Override
    public void close() {
        loop.close();
        objects.close();
    }
}
