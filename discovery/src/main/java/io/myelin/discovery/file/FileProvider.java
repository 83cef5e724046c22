package io.myelin.discovery.file;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.WatcherProvider;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.polling.Totals;
import io.myelin.model.EndpointSink;
import java.util.Map;

/** Services in files; one thread looks at all of them. */
public final class FileProvider implements WatcherProvider {
    private final RegistryLoop loop = new RegistryLoop("discovery-file");
    private final Totals<FileCount> counts = new Totals<>("file", FileCount.class);

    @Override
    public boolean supports(DiscoveryConfig config) {
        return config instanceof FileConfig;
    }

    @Override
    public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
        return new FileWatcher(service, (FileConfig) config, sink, loop, counts, watchers.clock());
    }

    @Override
    public Map<String, Long> counts() {
        return counts.byMetric();
    }

    @Override
    public void close() {
        loop.close();
    }
}
