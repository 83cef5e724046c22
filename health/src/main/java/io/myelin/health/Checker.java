package io.myelin.health;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.RandomSource;
import io.myelin.model.VerdictSink;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Checks the endpoints of any number of services on a few event loops of its own. Safe from any thread. */
public final class Checker implements AutoCloseable {
    private static final long STOP_LIMIT_MILLIS = 2_000;
    private static final int MAX_BLOCKING_THREADS = 32;

    private final Clock clock;
    private final RandomSource random;
    private final HostNames names;
    private final CheckEncryption encryption;
    private final ExecutorService blocking = newBlockingThreads();
    private final IoEventLoopGroup group;
    private final List<EventLoop> loops;
    private final AtomicInteger turn = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Set<ServiceChecks> services = new HashSet<>();

    @GuardedBy("lock")
    private boolean closed;

    /**
     * Starts the event loops.
     *
     * @param threads how many event loops share the work, at least 1
     */
    public Checker(int threads, Clock clock, RandomSource random) {
        this(threads, clock, random, InetAddress::getByName);
    }

    /**
     * The same, with checks that can be encrypted.
     *
     * @param encryption what they are encrypted with
     */
    public Checker(int threads, Clock clock, RandomSource random, CheckEncryption encryption) {
        this(threads, clock, random, InetAddress::getByName, encryption);
    }

    Checker(int threads, Clock clock, RandomSource random, HostNames.Lookup lookup) {
        this(threads, clock, random, lookup, CheckEncryption.NONE);
    }

    private Checker(
            int threads, Clock clock, RandomSource random, HostNames.Lookup lookup, CheckEncryption encryption) {
        if (threads < 1) {
            throw new IllegalArgumentException("health threads: " + threads + " (expected: >= 1)");
        }
        this.clock = clock;
        this.random = random;
        this.names = new HostNames(lookup);
        this.encryption = encryption;
        this.group = new MultiThreadIoEventLoopGroup(threads, newThreads(), NioIoHandler.newFactory());
        List<EventLoop> all = new ArrayList<>();
        group.forEach(loop -> all.add((EventLoop) loop));
        this.loops = List.copyOf(all);
    }

    /**
     * Returns checks for a service that has no endpoint yet.
     *
     * @throws IllegalStateException if closed
     */
    public ServiceChecks watch(String service, CheckConfig config, VerdictSink sink) {
        ServiceCounters counters = new ServiceCounters(loops, random.below(loops.size()));
        ServiceChecks checks = new ServiceChecks(service, planFor(config), sink, this, counters);
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("checks of service " + service + " (expected: an open checker)");
            }
            services.add(checks);
        } finally {
            lock.unlock();
        }
        return checks;
    }

    /**
     * Returns the checks of an instance of this host, not started yet.
     *
     * @param instance what people call it
     * @param checks all of which must pass; without any it always passes
     * @param pause from the end of one round to the beginning of the next
     */
    public LocalChecks local(String instance, List<LocalCheck> checks, Duration pause, LocalVerdictSink sink) {
        List<LocalChecks.Step> steps = checks.stream()
                .map(check -> LocalProbes.step(check, names, blocking, clock, random))
                .toList();
        return new LocalChecks(instance, loops.get(random.below(loops.size())), steps, pause, sink);
    }

    /**
     * Returns what asks {@code endpoint} on any of the event loops.
     *
     * @param limit from the beginning of the connection to the end of the answer
     */
    public Asker asker(Question.Within question, Endpoint endpoint, Duration limit) {
        return LocalProbes.asker(question, endpoint, limit, names, clock, random);
    }

    /** Returns one of the event loops, each in its turn. */
    public EventLoop loop() {
        return loops.get(Integer.remainderUnsigned(turn.getAndIncrement(), loops.size()));
    }

    /** Returns a counter over all endpoints of a service, 0 if it is not checked; any thread. */
    public long total(String service, CheckCounter counter) {
        lock.lock();
        try {
            return services.stream()
                    .filter(checks -> checks.service().equals(service))
                    .mapToLong(checks -> checks.total(counter))
                    .sum();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the checks of a service, {@code null} if it is not checked; any thread. */
    public @Nullable ServiceChecks checks(String service) {
        lock.lock();
        try {
            return services.stream()
                    .filter(checks -> checks.service().equals(service))
                    .findFirst()
                    .orElse(null);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the checks of all services and then, without waiting for it, the event loops. */
    @Override
    public void close() {
        services().forEach(ServiceChecks::close);
        names.close();
        blocking.shutdownNow();
        group.shutdownGracefully(0, STOP_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    CheckPlan planFor(CheckConfig config) {
        return CheckPlan.of(config, names, clock, random, encryption);
    }

    void forget(ServiceChecks checks) {
        lock.lock();
        try {
            services.remove(checks);
        } finally {
            lock.unlock();
        }
    }

    /** Admits no further service and returns those there are. */
    private List<ServiceChecks> services() {
        lock.lock();
        try {
            closed = true;
            return List.copyOf(services);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the threads of clients that block; there are none while no such check is configured. */
    private static ExecutorService newBlockingThreads() {
        return new ThreadPoolExecutor(
                0, MAX_BLOCKING_THREADS, STOP_LIMIT_MILLIS, TimeUnit.MILLISECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "health-blocking");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    private static ThreadFactory newThreads() {
        AtomicInteger next = new AtomicInteger();
        return task -> {
            Thread thread = new FastThreadLocalThread(task, "health-" + next.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }
}
