package io.myelin.discovery.fetch;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.WatcherProvider;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.polling.Hints;
import io.myelin.discovery.polling.Pace;
import io.myelin.discovery.polling.PollCount;
import io.myelin.discovery.polling.PollingWatcher;
import io.myelin.discovery.polling.PollingWatcher.Means;
import io.myelin.discovery.polling.PollingWatcher.Poll;
import io.myelin.discovery.polling.Totals;
import io.myelin.model.EndpointSink;
import io.myelin.model.RandomSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A kind of registry that is asked over HTTP, again and again.
 *
 * @param <C> the configuration of its watchers
 */
public abstract class PolledProvider<C extends DiscoveryConfig> implements WatcherProvider {
    private final Class<C> kind;
    private final Totals<PollCount> totals;
    private final Duration timeout;
    private final RandomSource random;
    /** Mostly one: providers are made for the watchers of one process. */
    private final Map<RegistryLoop, Tools> tools = new ConcurrentHashMap<>();

    /**
     * Creates a provider that has no connections yet.
     *
     * @param name begins the names of its metrics
     * @param timeout how long an answer may take
     */
    protected PolledProvider(String name, Class<C> kind, Duration timeout, RandomSource random) {
        this.kind = kind;
        this.totals = new Totals<>(name, PollCount.class);
        this.timeout = timeout;
        this.random = random;
    }

    /**
     * What all watchers share; but for {@code totals} to be used on the loop.
     *
     * @param loop where they live
     * @param fetcher asks
     * @param trusts verify encrypted servers
     * @param feeds tell of changes
     * @param totals what is counted
     */
    public record Tools(
            RegistryLoop loop, HttpFetcher fetcher, Trusts trusts, EventFeeds feeds, Totals<PollCount> totals) {}

    /**
     * How one service is followed.
     *
     * @param source what is asked, for people; without secrets
     */
    public record Plan(String source, Poll poll, Hints hints, Pace pace) {}

    /** Returns how {@code config} is followed; any thread. */
    protected abstract Plan plan(C config, Tools tools);

    @Override
    public final boolean supports(DiscoveryConfig config) {
        return kind.isInstance(config);
    }

    @Override
    public final ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
        Tools shared = tools.computeIfAbsent(watchers.loop(), loop -> tools(loop, watchers));
        Plan plan = plan(kind.cast(config), shared);
        return new PollingWatcher(
                service,
                plan.source(),
                plan.poll(),
                plan.hints(),
                plan.pace(),
                sink,
                new Means(shared.loop(), totals, watchers.clock(), random));
    }

    @Override
    public final Map<String, Long> counts() {
        return totals.byMetric();
    }

    @Override
    public void close() {
        // Connections end with the loop.
    }

    private Tools tools(RegistryLoop loop, Watchers watchers) {
        HttpFetcher fetcher = new HttpFetcher(loop, timeout);
        Trusts trusts = new Trusts();
        EventFeeds feeds = new EventFeeds(loop, fetcher, trusts, watchers.clock(), random);
        return new Tools(loop, fetcher, trusts, feeds, totals);
    }
}
