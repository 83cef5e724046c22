package io.myelin.health.replica;

import io.myelin.health.lifecycle.LifecycleMonitor.Watch;
import io.myelin.health.lifecycle.ProbeSubject;
import io.myelin.health.lifecycle.ReplicaState;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.HealthVerdict;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** One replica, from its name to its end. */
@OwnedBy(Owner.REPLICAS)
final class Replica {
    static final String HOST = "127.0.0.1";

    final String name;
    /** With which it was started. */
    final ReplicatedConfig config;
    /** In the order of the bindings. */
    final List<Integer> ports;

    private final int slot;
    private final Map<String, String> environment;
    private final Clock clock;
    private ReplicaState state = ReplicaState.ADDED;
    private String reason = "";
    private long sinceMillis;
    private long readyNanos;
    private @Nullable Integer exitCode;

    /** What runs, {@code null} before it was started. */
    @Nullable
    RunningReplica running;

    @Nullable
    Watch watch;

    /** Its end, {@code null} before that has begun. */
    @Nullable
    TreeEnd end;

    /** Whether it is to end and gets no more work. */
    boolean stopping;
    /** Whether the process has ended that it is. */
    boolean exited;
    /** Whether everything has ended that it started. */
    boolean gone;

    Replica(
            String name,
            int slot,
            ReplicatedConfig config,
            List<Integer> ports,
            Map<String, String> environment,
            Clock clock) {
        this.name = name;
        this.slot = slot;
        this.config = config;
        this.ports = List.copyOf(ports);
        this.environment = Map.copyOf(environment);
        this.clock = clock;
        this.sinceMillis = clock.wallMillis();
    }

    ReplicaState state() {
        return state;
    }

    String reason() {
        return reason;
    }

    /** Returns whether it was started and has not ended. */
    boolean runs() {
        return running != null && !exited;
    }

    /** Returns whether it takes work. */
    boolean ready() {
        return state == ReplicaState.READY && !stopping && runs();
    }

    void enter(ReplicaState next, String why) {
        if (next != state) {
            sinceMillis = clock.wallMillis();
        }
        if (next == ReplicaState.READY && state != ReplicaState.READY) {
            readyNanos = clock.nanoTime();
        }
        state = next;
        reason = why;
    }

    void explain(String why) {
        reason = why;
    }

    void exit(@Nullable Integer code) {
        exited = true;
        exitCode = code;
    }

    /** Returns whether it has been ready for as long as makes a replica stable. */
    boolean stable() {
        return state == ReplicaState.READY
                && clock.nanoTime() - readyNanos
                        >= config.restarts().stableAfter().toNanos();
    }

    HealthVerdict verdict() {
        boolean passing = ready();
        String why = reason.isEmpty() ? state.text() : state.text() + ": " + reason;
        return new HealthVerdict(passing ? HealthVerdict.State.PASSING : HealthVerdict.State.FAILING, why, sinceMillis);
    }

    /** Returns where it listens behind a pool, {@code null} if it was started without that binding. */
    @Nullable
    Endpoint endpoint(String pool) {
        for (int i = 0; i < ports.size(); i++) {
            if (config.bindings().get(i).pool().equals(pool)) {
                return Endpoint.of(name, HOST, ports.get(i));
            }
        }
        return null;
    }

    @Nullable
    EndpointId id(String pool) {
        Endpoint endpoint = endpoint(pool);
        return endpoint == null ? null : endpoint.id();
    }

    /** Returns what probes see of it. */
    ProbeSubject subject(ToIntFunction<ReplicaBinding> externalPorts) {
        List<ProbeSubject.Port> seen = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            ReplicaBinding binding = config.bindings().get(i);
            seen.add(new ProbeSubject.Port(externalPorts.applyAsInt(binding), binding.spoken(), HOST, ports.get(i)));
        }
        return new ProbeSubject(config.name(), name, seen);
    }

    Shown shown() {
        RunningReplica process = running;
        ReplicaView view = new ReplicaView(
                name,
                slot,
                state,
                ports,
                process == null || exited ? null : process.pid(),
                exitCode,
                process == null ? "" : process.container(),
                environment,
                sinceMillis,
                reason,
                List.of());
        return new Shown(view, watch);
    }

    /** What is shown of a replica, whose probes go on; any thread. */
    record Shown(ReplicaView view, @Nullable Watch watch) {
        ReplicaView now() {
            return watch == null
                    ? view
                    : new ReplicaView(
                            view.name(),
                            view.slot(),
                            view.state(),
                            view.ports(),
                            view.pid(),
                            view.exitCode(),
                            view.container(),
                            view.environment(),
                            view.sinceMillis(),
                            view.reason(),
                            watch.reports());
        }
    }
}
