package io.myelin.discovery.docker;

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
import java.util.stream.Collectors;

/** Services in containers; all daemons are asked from one event loop. */
public final class DockerProvider implements WatcherProvider {
    private final RegistryLoop loop = new RegistryLoop("docker");
    private final Totals<PollCount> totals = new Totals<>("docker", PollCount.class);
    private final RandomSource random;
    private final HttpFetcher fetcher;

    /** Called by the service loader. */
    public DockerProvider() {
        this(Duration.ofSeconds(5), RandomSource.SYSTEM);
    }

    /** Creates a provider that waits so long for a daemon. */
    DockerProvider(Duration timeout, RandomSource random) {
        this.random = random;
        this.fetcher = new HttpFetcher(loop, timeout);
    }

    @Override
    public boolean supports(DiscoveryConfig config) {
        return config instanceof DockerConfig;
    }

    @Override
    public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
        DockerConfig docker = (DockerConfig) config;
        String source = docker.servers().stream()
                .map(server -> server.daemon().toString())
                .collect(Collectors.joining(" ", "docker " + docker.image() + " at ", ""));
        return new PollingWatcher(
                service,
                source,
                new DockerPoll(docker, fetcher, totals),
                Pace.eager(docker.checkInterval()),
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
