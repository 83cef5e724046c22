package io.myelin.discovery.marathon;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.WatcherProvider;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.fetch.HttpFetcher;
import io.myelin.discovery.polling.Pace;
import io.myelin.discovery.polling.PollCount;
import io.myelin.discovery.polling.PollingWatcher;
import io.myelin.discovery.polling.PollingWatcher.Means;
import io.myelin.discovery.polling.RegistryLoop;
import io.myelin.discovery.polling.Totals;
import io.myelin.model.EndpointSink;
import io.myelin.model.RandomSource;
import java.time.Duration;
import java.util.Map;

/** Services that Marathon runs; all applications are asked about from one event loop. */
public final class MarathonProvider implements WatcherProvider {
    private final RegistryLoop loop = new RegistryLoop("marathon");
    private final Totals<PollCount> totals = new Totals<>("marathon", PollCount.class);
    private final RandomSource random;
    private final HttpFetcher fetcher;

    /** Called by the service loader. */
    public MarathonProvider() {
        this(Duration.ofSeconds(5), RandomSource.SYSTEM);
    }

    /** Creates a provider that waits so long for an answer. */
    MarathonProvider(Duration timeout, RandomSource random) {
        this.random = random;
        this.fetcher = new HttpFetcher(loop, timeout);
    }

    @Override
    public boolean supports(DiscoveryConfig config) {
        return config instanceof MarathonConfig;
    }

    @Override
    public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
        MarathonConfig marathon = (MarathonConfig) config;
        return new PollingWatcher(
                service,
                "marathon " + marathon.api() + marathon.tasksPath(),
                new MarathonPoll(marathon, fetcher, totals),
                Pace.eager(marathon.checkInterval()),
                sink,
                new Means(loop, totals, watchers.clock(), random));
    }

    @Override
    public Map<String, Long> counts() {
        return totals.byMetric();
    }

    @Override
    public void close() {
        loop.close();
    }
}
