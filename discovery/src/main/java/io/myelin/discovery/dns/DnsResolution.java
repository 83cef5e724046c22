package io.myelin.discovery.dns;

import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.polling.Totals;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import java.nio.file.Path;
import java.time.Duration;

/** Resolution of names on one event loop, for any number of services. Safe from any thread. */
public final class DnsResolution {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Path SYSTEM_FILE = Path.of("/etc/resolv.conf");

    private final RegistryLoop loop;
    private final Totals<DnsCount> totals;
    private final Lookups lookups;
    private final RandomSource random;

    /** Creates a resolution on {@code loop}, with which it ends. */
    DnsResolution(RegistryLoop loop, Totals<DnsCount> totals) {
        this(loop, totals, TIMEOUT, SYSTEM_FILE, Nameserver.DEFAULT_PORT, RandomSource.SYSTEM);
    }

    /**
     * Creates a resolution with other habits.
     *
     * @param timeout how long one name server may take to answer
     * @param systemFile in the format of {@code /etc/resolv.conf}
     * @param systemPort where the name servers of that file listen
     */
    DnsResolution(
            RegistryLoop loop,
            Totals<DnsCount> totals,
            Duration timeout,
            Path systemFile,
            int systemPort,
            RandomSource random) {
        this.loop = loop;
        this.totals = totals;
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
}
