package io.myelin.health.replica;

import io.myelin.health.replica.Replica.Shown;
import io.myelin.health.replica.ReplicaLoop.Timer;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.EndpointSet;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.SourceStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The replicas of one service. */
@OwnedBy(Owner.REPLICAS)
final class ReplicaSet {
    /*
     * A restart of every replica goes from slot to slot. A replica that takes no work is replaced at once, since nobody
     * misses it. One that does is replaced when the last such one is ready again, so that only one is away at a time; if
     * that one does not become ready, the others stay as they are.
     */

    /** After this, operators are told that a restart does not go on. */
    private static final Duration ROLL_LIMIT = Duration.ofSeconds(60);

    private final ReplicaTools tools;
    private final ReplicaLog log;
    private final Consumer<ReplicaSet> whenGone;
    private final RunStore store;
    private final List<ReplicaSlot> slots = new ArrayList<>();
    private final List<ReplicaSlot> leaving = new ArrayList<>();
    private final Deque<Step> steps = new ArrayDeque<>();

    private ReplicatedConfig config;
    private ReplicaPlan plan;
    /** By name of the pool. */
    private Map<String, ReplicaPool> pools = Map.of();

    private int desired;
    private boolean begun;
    private boolean ended;
    private long restarts;
    private @Nullable Integer lastExitCode;
    private @Nullable Step current;
    private Timer rollTimer = Timer.NONE;

    private volatile ReplicatedShown shown;

    /** The restart of one slot. */
    private record Step(ReplicaSlot slot, String why) {}

    /**
     * What is shown of the service, whose probes go on; any thread.
     *
     * @param view without replicas
     */
    private record ReplicatedShown(ReplicatedView view, List<Shown> replicas) {
        ReplicatedView now() {
            return new ReplicatedView(
                    view.config(),
                    view.desired(),
                    view.ports(),
                    view.restarts(),
                    view.lastExitCode(),
                    view.nextRestartMillis(),
                    view.givenUp(),
                    replicas.stream().map(Shown::now).toList());
        }
    }

    /**
     * Creates a service none of whose replicas runs yet.
     *
     * @param whenGone is told when it was ended and nothing of it runs any more
     */
    ReplicaSet(
            ReplicatedConfig config,
            ReplicaPlan plan,
            ReplicaTools tools,
            RunStore store,
            Consumer<ReplicaSet> whenGone) {
        this.config = config;
        this.plan = plan;
        this.tools = tools;
        this.store = store;
        this.whenGone = whenGone;
        this.log = new ReplicaLog(tools.readers(), tools.clock());
        this.desired = wanted(config);
        this.shown = freeze();
        connect();
    }

    String name() {
        return config.name();
    }

    ReplicatedConfig config() {
        return config;
    }

    /** Returns what the replicas wrote; any thread. */
    ReplicaLog log() {
        return log;
    }

    /** Returns what operators see; any thread. */
    ReplicatedView view() {
        return shown.now();
    }

    /** Starts the replicas. */
    void begin() {
        begun = true;
        scale(desired);
    }

    /** Takes another version of the same service; what did not change goes on undisturbed. */
    void reconfigure(ReplicatedConfig next, ReplicaPlan nextPlan) {
        ReplicatedConfig before = config;
        config = next;
        plan = nextPlan;
        connect();
        if (wanted(before) != wanted(next)) {
            scale(wanted(next));
        }
        boolean sameProcess = before.launch().equals(next.launch())
                && before.bindings().equals(next.bindings())
                && before.environment().equals(next.environment());
        if (!sameProcess) {
            roll("configuration changed");
        } else if (!before.lifecycle().equals(next.lifecycle())) {
            List.copyOf(slots).forEach(ReplicaSlot::rewatch);
        }
        show();
    }

    /** Makes it so many replicas. */
    void scale(int replicas) {
        desired = replicas;
        while (begun && !ended && slots.size() < replicas) {
            ReplicaSlot slot = new ReplicaSlot(slots.size(), this, tools);
            slots.add(slot);
            slot.begin();
        }
        while (slots.size() > replicas) {
            drop(slots.get(slots.size() - 1), "fewer replicas are wanted", true);
        }
        show();
    }

    /** Restarts every replica, one after the other. */
    void restart(String why) {
        roll(why);
    }

    /** Restarts one replica. */
    void restart(String replica, String why) {
        slots.stream()
                .filter(slot -> slot.replica() != null && slot.replica().name.equals(replica))
                .toList()
                .forEach(slot -> slot.restart(why));
    }

    /** Ends every replica and then the service. */
    void end(String why, boolean drain) {
        ended = true;
        steps.clear();
        rollTimer.cancel();
        List.copyOf(slots).forEach(slot -> drop(slot, why, drain));
        if (!drain) {
            List.copyOf(leaving).forEach(slot -> slot.drop(why, false));
        }
        finishIfGone();
    }

    /** Kills what still runs. */
    void hurry() {
        Stream.concat(List.copyOf(slots).stream(), List.copyOf(leaving).stream())
                .forEach(ReplicaSlot::hurry);
    }

    // What slots report and ask.

    void onReady(ReplicaSlot slot) {
        if (current != null && current.slot() == slot) {
            finishStep();
        }
    }

    void onDropped(ReplicaSlot slot) {
        leaving.remove(slot);
        show();
        finishIfGone();
    }

    void onRestart() {
        restarts++;
    }

    void onExit(int code) {
        lastExitCode = code;
    }

    Map<String, String> environment(String replica, List<Integer> ports) {
        return plan.variables().of(config, replica, ports);
    }

    /** Returns the port by which clients know a binding, 0 if they know none. */
    int externalPort(ReplicaBinding binding) {
        Integer bound = plan.externalPorts().get(binding.pool());
        Integer configured = binding.port();
        if (bound != null) {
            return bound;
        }
        return configured == null ? 0 : configured;
    }

    /** Writes down what is about to start, so that it is found whenever this process is killed. */
    void announce(Replica replica) {
        store.remember(RunEntry.starting(replica.name, program(replica.config.launch())));
    }

    void remember(Replica replica, RunningReplica running) {
        ProcessIdentity identity = running.identity();
        if (identity != null) {
            store.remember(new RunEntry(
                    replica.name, identity, running.container(), running.engine(), program(replica.config.launch())));
        }
    }

    void forget(Replica replica) {
        store.forget(replica.name);
    }

    /** Tells the pools which replicas there are. */
    void deliver() {
        pools.forEach((name, pool) -> {
            List<Endpoint> endpoints = replicas()
                    .filter(Replica::runs)
                    .map(replica -> replica.endpoint(name))
                    .filter(Objects::nonNull)
                    .toList();
            pool.replace(new EndpointSet(name, endpoints, "replicas of " + name()));
        });
        replicas().filter(Replica::runs).forEach(this::judge);
    }

    /** Tells the pools what is thought of a replica. */
    void judge(Replica replica) {
        pools.forEach((name, pool) -> {
            EndpointId id = replica.id(name);
            if (id != null) {
                pool.onVerdict(id, replica.verdict());
            }
        });
    }

    /** Completes when the replica has no work any more, or the limit has passed. */
    CompletionStage<Void> whenIdle(Replica replica, Duration limit) {
        List<CompletableFuture<Void>> idle = new ArrayList<>();
        pools.forEach((name, pool) -> {
            EndpointId id = replica.id(name);
            if (id != null) {
                idle.add(pool.whenIdle(id, limit).toCompletableFuture());
            }
        });
        return CompletableFuture.allOf(idle.toArray(CompletableFuture[]::new));
    }

    /** Makes what is so now what is shown. */
    void show() {
        shown = freeze();
    }

    /** Returns what runs, for people. */
    static String program(Launch launch) {
        if (launch instanceof Launch.Executable executable) {
            return executable.program();
        }
        return launch instanceof Launch.Container container ? container.image() : "nothing";
    }

    private void drop(ReplicaSlot slot, String why, boolean drain) {
        slots.remove(slot);
        leaving.add(slot);
        steps.removeIf(step -> step.slot() == slot);
        if (current != null && current.slot() == slot) {
            finishStep();
        }
        slot.drop(why, drain);
    }

    private void roll(String why) {
        steps.clear();
        current = null;
        rollTimer.cancel();
        // Those first whom nobody misses.
        slots.stream().filter(slot -> !slot.ready()).forEach(slot -> steps.add(new Step(slot, why)));
        slots.stream().filter(ReplicaSlot::ready).forEach(slot -> steps.add(new Step(slot, why)));
        advance();
    }

    private void advance() {
        while (current == null && !steps.isEmpty()) {
            Step step = steps.removeFirst();
            if (step.slot().ready()) {
                current = step;
                rollTimer = tools.loop().schedule(ROLL_LIMIT, () -> onSlowStep(step));
            }
            step.slot().restart(step.why());
        }
    }

    private void finishStep() {
        current = null;
        rollTimer.cancel();
        tools.loop().execute(this::advance);
    }

    private void onSlowStep(Step step) {
        if (step.equals(current) && !steps.isEmpty()) {
            Replica slow = step.slot().replica();
            log.trouble("Service " + name() + " changes no further: replica " + (slow == null ? "" : slow.name)
                    + " is not ready after " + ROLL_LIMIT.toSeconds() + " s, the others go on as they were");
        }
    }

    private void finishIfGone() {
        if (ended && slots.isEmpty() && leaving.isEmpty()) {
            whenGone.accept(this);
        }
    }

    /** Takes the pools of the bindings, which learn what there is if they are new. */
    private void connect() {
        Map<String, ReplicaPool> found = new LinkedHashMap<>();
        for (ReplicaBinding binding : config.bindings()) {
            ReplicaPool pool = plan.pools().apply(binding.pool());
            if (pool == null) {
                log.trouble("Service " + name() + " takes no traffic at binding "
                        + (binding.name().isEmpty() ? binding.pool() : binding.name()) + ": it has no pool");
            } else {
                found.put(binding.pool(), pool);
            }
        }
        boolean same = found.equals(pools);
        pools = found;
        if (!same) {
            long now = tools.clock().wallMillis();
            found.values()
                    .forEach(pool -> pool.status(
                            new SourceStatus("replicas of " + name(), SourceStatus.State.LIVE, now, now, "")));
            deliver();
        }
    }

    private Stream<Replica> replicas() {
        return Stream.concat(slots.stream(), leaving.stream())
                .map(ReplicaSlot::replica)
                .filter(Objects::nonNull);
    }

    private ReplicatedShown freeze() {
        long nextRestart = slots.stream()
                .mapToLong(ReplicaSlot::restartMillis)
                .filter(millis -> millis > 0)
                .min()
                .orElse(0);
        ReplicatedView view = new ReplicatedView(
                config,
                desired,
                config.bindings().stream().map(this::externalPort).toList(),
                restarts,
                lastExitCode,
                nextRestart,
                slots.stream().anyMatch(ReplicaSlot::givenUp),
                List.of());
        return new ReplicatedShown(view, replicas().map(Replica::shown).toList());
    }

    /** Those of an external service run elsewhere. */
    private static int wanted(ReplicatedConfig config) {
        return config.launch() instanceof Launch.External ? 0 : config.replicas();
    }
}
