package io.myelin.discovery.ec2tag;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.WatcherProvider;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.ec2tag.Aws.Environment;
import io.myelin.discovery.fetch.HttpFetcher;
import io.myelin.discovery.fetch.Trust;
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
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Services on tagged instances of EC2. All are asked about from one event loop; what blocks in the SDK has a thread of
 * its own, which is only there while it is needed.
 */
public final class Ec2TagProvider implements WatcherProvider {
    /** An API that throttles is asked this many times less often. */
    private static final int SPARING = 8;

    private static final int IDLE_SECONDS = 5;

    private final RegistryLoop loop = new RegistryLoop("ec2tag");
    private final Totals<PollCount> totals = new Totals<>("ec2tag", PollCount.class);
    private final ThreadPoolExecutor blocking = new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Ec2TagProvider::newThread);
    private final Trust trust = new Trust(null);
    private final RandomSource random;
    private final HttpFetcher fetcher;
    private final Aws aws;

    /** Called by the service loader. */
    public Ec2TagProvider() {
        this(Duration.ofSeconds(10), System::getenv, RandomSource.SYSTEM);
    }

    /** Creates a provider that waits so long for each answer. */
    Ec2TagProvider(Duration timeout, Environment environment, RandomSource random) {
        this.random = random;
        this.fetcher = new HttpFetcher(loop, timeout);
        this.aws = new Aws(environment);
        blocking.allowCoreThreadTimeOut(true);
    }

    @Override
    public boolean supports(DiscoveryConfig config) {
        return config instanceof Ec2TagConfig;
    }

    @Override
    public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
        Ec2TagConfig ec2 = (Ec2TagConfig) config;
        return new PollingWatcher(
                service,
                "ec2tag " + ec2.tagText(),
                new Ec2TagPoll(ec2, aws, fetcher, trust, blocking, loop),
                Pace.sparing(ec2.checkInterval(), SPARING),
                sink,
                new Means(loop, totals, watchers.clock(), random));
    }

    @Override
    public Map<String, Long> counts() {
        return totals.byMetric();
    }

    @Override
    public void close() {
        blocking.shutdownNow();
        loop.close();
    }

    private static Thread newThread(Runnable task) {
        Thread thread = new Thread(task, "ec2tag-credentials");
        thread.setDaemon(true);
        return thread;
    }
}
