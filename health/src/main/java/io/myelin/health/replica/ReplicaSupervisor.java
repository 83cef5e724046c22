package io.myelin.health.replica;

import io.myelin.health.lifecycle.LifecycleMonitor;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the replicas of services: as many as are wanted, each restarted when it ends or its liveness fails, each known
 * to the pools of its service while it runs and given work there while it is ready.
 *
 * <p>Safe from any thread: what is asked for is queued for the thread {@code replicas}, which there is from the first
 * plan with a service on.
 */
@OwnedBy(Owner.REPLICAS)
public final class ReplicaSupervisor implements ReplicaControl, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReplicaSupervisor.class);
    /** What killing every process may take. */
    private static final long KILL_SECONDS = 5;

    private final ReplicaTools tools;
    private final Processes processes;
    private final RunFiles files;
    private final @Nullable ThreadPoolExecutor readers;
    private final List<ReplicaSet> leaving = new ArrayList<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    private boolean held = true;
    private boolean stopping;

    private volatile boolean begun;
    private volatile @Nullable RunStore store;
    private volatile SortedMap<String, ReplicaSet> sets = Collections.emptySortedMap();

    /** Creates a supervisor of nothing. */
    public ReplicaSupervisor(LifecycleMonitor monitor, Clock clock, RandomSource random) {
        this(monitor, clock, random, Processes.OF_THIS_HOST, RunFiles.OF_THIS_HOST);
    }

    ReplicaSupervisor(LifecycleMonitor monitor, Clock clock, RandomSource random, Processes processes, RunFiles files) {
        ThreadPoolExecutor thread = readerThread();
        this.processes = processes;
        this.files = files;
        this.readers = thread;
        this.tools = new ReplicaTools(
                new ReplicaThread(),
                clock,
                new ReplicaNames(random),
                new AnyRunner(processes),
                monitor,
                new PortBook(random),
                thread);
    }

    ReplicaSupervisor(ReplicaTools tools, Processes processes, RunFiles files) {
        this.tools = tools;
        this.processes = processes;
        this.files = files;
        this.readers = null;
    }

    /**
     * Queues another plan: services that it does not name are ended, new ones started, and the others changed as far as
     * they differ.
     */
    public void apply(ReplicaPlan plan) {
        if (begun || !plan.services().isEmpty()) {
            begun = true;
            tools.loop().execute(() -> take(plan));
        }
    }

    /**
     * Queues the end of all replicas; completes when nothing of them runs any more, at most after their stop limits.
     */
    public CompletionStage<Void> stop() {
        if (!begun) {
            gone.complete(null);
        } else {
            tools.loop().execute(() -> {
                stopping = true;
                List.copyOf(leaving).forEach(set -> set.end("stopped", false));
                List.copyOf(sets.values()).forEach(set -> set.end("stopped", false));
                finishIfGone();
            });
        }
        return gone;
    }

    /** Returns what is wrong with the directory in which replicas are written down, empty if nothing is. */
    public String storeTrouble() {
        RunStore opened = store;
        return opened == null ? "" : opened.trouble();
    }

    /** Returns how often that directory could not be used. */
    public long storeFailures() {
        RunStore opened = store;
        return opened == null ? 0 : opened.failures();
    }

    @Override
    public List<ReplicatedView> services() {
        return sets.values().stream().map(ReplicaSet::view).toList();
    }

    @Override
    public @Nullable ReplicatedView service(String name) {
        ReplicaSet set = sets.get(name);
        return set == null ? null : set.view();
    }

    @Override
    public boolean scale(String service, int replicas) {
        if (replicas < 0) {
            throw new IllegalArgumentException("replicas: " + replicas + " (expected: >= 0)");
        }
        return ask(service, set -> {
            log.info("Scaled by an operator: service={} replicas={}", service, replicas);
            set.scale(replicas);
        });
    }

    @Override
    public boolean restart(String service) {
        return ask(service, set -> {
            log.info("Restart by an operator: service={}", service);
            set.restart("restarted by an operator");
        });
    }

    @Override
    public boolean restart(String service, String replica) {
        ReplicatedView view = service(service);
        boolean known = view != null
                && view.replicas().stream().anyMatch(one -> one.name().equals(replica));
        return known
                && ask(service, set -> {
                    log.info("Restart by an operator: service={} replica={}", service, replica);
                    set.restart(replica, "restarted by an operator");
                });
    }

    @Override
    public @Nullable List<String> log(String service) {
        ReplicaSet set = sets.get(service);
        return set == null ? null : set.log().lines();
    }

    @Override
    public @Nullable LogTap follow(String service, Consumer<String> reader) {
        ReplicaSet set = sets.get(service);
        return set == null ? null : set.log().follow(reader);
    }

    /** Kills what still runs, and returns once that is done. */
    @Override
    public void close() {
        if (begun) {
            stop();
            tools.loop().execute(() -> {
                List.copyOf(leaving).forEach(ReplicaSet::hurry);
                List.copyOf(sets.values()).forEach(ReplicaSet::hurry);
            });
            awaitGone();
        }
        tools.loop().close();
        if (readers != null) {
            readers.shutdownNow();
        }
    }

    private void take(ReplicaPlan plan) {
        if (stopping) {
            return;
        }
        RunStore notes = store == null ? open(plan) : store;
        SortedMap<String, ReplicaSet> next = new TreeMap<>();
        Set<String> wanted = new HashSet<>();
        plan.services().forEach(config -> wanted.add(config.name()));
        sets.forEach((name, set) -> {
            if (!wanted.contains(name)) {
                leaving.add(set);
            }
        });
        List<ReplicaSet> fresh = new ArrayList<>();
        for (ReplicatedConfig config : plan.services()) {
            ReplicaSet running = sets.get(config.name());
            if (running == null) {
                running = new ReplicaSet(config, plan, tools, notes, this::onGone);
                fresh.add(running);
            } else {
                running.reconfigure(config, plan);
            }
            next.put(config.name(), running);
        }
        sets = Collections.unmodifiableSortedMap(next);
        List.copyOf(leaving).forEach(set -> set.end("service removed", true));
        if (!held) {
            fresh.forEach(ReplicaSet::begin);
        }
    }

    /** Begins to write down what runs, and ends what an earlier process has left over before anything is started. */
    private RunStore open(ReplicaPlan plan) {
        RunStore opened = new RunStore(plan.runDirectory(), files);
        store = opened;
        List<RunEntry> left = opened.open();
        // Queued, so that the sets are there when nothing is left over.
        tools.loop()
                .execute(() -> new Leftovers(processes, opened, tools.loop(), tools.clock(), this::release).end(left));
        return opened;
    }

    private void release() {
        held = false;
        if (!stopping) {
            List.copyOf(sets.values()).forEach(ReplicaSet::begin);
        }
    }

    private void onGone(ReplicaSet set) {
        leaving.remove(set);
        if (stopping && sets.get(set.name()) == set) {
            SortedMap<String, ReplicaSet> rest = new TreeMap<>(sets);
            rest.remove(set.name());
            sets = Collections.unmodifiableSortedMap(rest);
        }
        finishIfGone();
    }

    private void finishIfGone() {
        if (stopping && sets.isEmpty() && leaving.isEmpty()) {
            closeStore();
            gone.complete(null);
        }
    }

    private void closeStore() {
        RunStore opened = store;
        if (opened != null) {
            opened.close();
        }
    }

    private boolean ask(String service, Consumer<ReplicaSet> wish) {
        ReplicaSet set = sets.get(service);
        if (set == null || set.view().config().launch() instanceof Launch.External) {
            return false;
        }
        tools.loop().execute(() -> wish.accept(set));
        return true;
    }

    private void awaitGone() {
        CountDownLatch done = new CountDownLatch(1);
        gone.whenComplete((nothing, failure) -> done.countDown());
        try {
            if (!done.await(KILL_SECONDS, TimeUnit.SECONDS)) {
                log.error("Replicas not killed in time: limit={}s", KILL_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns a thread that is there only while somebody follows a log; after its end lines are for nobody. */
    private static ThreadPoolExecutor readerThread() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "replica-readers");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
