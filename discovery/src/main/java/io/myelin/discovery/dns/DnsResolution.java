package io.myelin.discovery.dns;

import io.myelin.discovery.polling.RegistryLoop;
import io.myelin.discovery.polling.Totals;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Resolution of names on one event loop, for any number of services. Safe from any thread; the loop's thread starts
 * when it is first used.
 */
public final class DnsResolution implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Path SYSTEM_FILE = Path.of("/etc/resolv.conf");

    private final RegistryLoop loop = new RegistryLoop("dns");
    private final Totals<DnsCount> totals = new Totals<>("dns", DnsCount.class);
    private final Lookups lookups;
    private final RandomSource random;

    public DnsResolution() {
        this(TIMEOUT, SYSTEM_FILE, Nameserver.DEFAULT_PORT, RandomSource.SYSTEM);
    }

    /**
     * Creates a resolution with other habits.
     *
     * @param timeout how long one name server may take to answer
     * @param systemFile in the format of {@code /etc/resolv.conf}
     * @param systemPort where the name servers of that file listen
     */
    DnsResolution(Duration timeout, Path systemFile, int systemPort, RandomSource random) {
        this.random = random;
        this.lookups = new Lookups(
                new DnsClient(loop, timeout, totals), new ResolverFile(systemFile, systemPort, Clock.SYSTEM));
    }

    /** Returns an empty list of endpoints that will be kept fresh; the caller closes it. */
    public FreshEndpoints follow(DnsOptions options, FreshEndpoints.Listener listener) {
        return new FreshEndpoints(loop, lookups, totals, random, options, listener);
    }

    /** Queues {@code task} on the loop of names. */
    void execute(Runnable task) {
        loop.execute(task);
    }

    /** Returns one of the numbers counted since this was created. */
    public long count(DnsCount count) {
        return totals.read(count);
    }

    /** Returns all of them by the name of the metric. */
    public Map<String, Long> counts() {
        return totals.byMetric();
    }

    /** Ends everything that is asked, without waiting for it. */
    @Override
    public void close() {
        loop.close();
    }
}
