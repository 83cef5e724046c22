package io.myelin.health.replica;

import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.health.lifecycle.LifecycleObserver;
import io.myelin.health.lifecycle.ProbeSubject;
import io.myelin.health.lifecycle.ReplicaState;
import io.myelin.health.replica.ReplicaLoop.Timer;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One place among the replicas of a service: it keeps its ports while one replica follows another. */
@OwnedBy(Owner.REPLICAS)
final class ReplicaSlot {
    /*
     * The end of a replica. Planned: it is judged failing, so that it gets no more work; once it has finished what it
     * had, or the drain limit has passed, it and what it started are asked to end; after the stop limit they are killed.
     * Unplanned: what it started is ended in the same way. Either way the next replica of the slot is started only when
     * nothing of the last one runs any more, since that would hold its ports.
     */

    /** What follows the end of the replica. */
    private enum Next {
        /** Another one after a wait, which grows. */
        RESTART_LATER,
        /** Another one at once. */
        RESTART,
        /** Nothing: the slot ends, too. */
        DROP
    }

    /** What telling that a replica is idle may take longer than it was given. */
    private static final Duration IDLE_GRACE = Duration.ofSeconds(1);

    /** The exit code of a replica that nobody can tell. */
    private static final int UNKNOWN_CODE = -1;

    private final int index;
    private final ReplicaSet set;
    private final ReplicaTools tools;
    private final RestartWaits waits = new RestartWaits();
    /** By pool. */
    private final Map<String, Integer> ports = new LinkedHashMap<>();

    private @Nullable Replica replica;
    /** Who hears of the replica's probes, {@code null} if there are none now. */
    private @Nullable Observer observer;

    private Next next = Next.RESTART_LATER;
    private Timer restart = Timer.NONE;
    private long restartMillis;
    private boolean givenUp;
    private boolean dropped;

    ReplicaSlot(int index, ReplicaSet set, ReplicaTools tools) {
        this.index = index;
        this.set = set;
        this.tools = tools;
    }

    int index() {
        return index;
    }

    @Nullable
    Replica replica() {
        return replica;
    }

    boolean ready() {
        return replica != null && replica.ready();
    }

    boolean givenUp() {
        return givenUp;
    }

    /** Returns the wall clock of the next restart, 0 if none is due. */
    long restartMillis() {
        return restartMillis;
    }

    /** Starts the first replica. */
    void begin() {
        start();
    }

    /** Replaces the replica, without a wait. */
    void restart(String why) {
        waits.reset();
        end(Next.RESTART, why, true);
    }

    /** Ends the replica and the slot. */
    void drop(String why, boolean drain) {
        end(Next.DROP, why, drain);
    }

    /** Waits for nothing any more: kills what still runs. */
    void hurry() {
        Replica current = replica;
        if (current != null && current.running != null && !current.gone) {
            terminate(current);
            if (current.end != null) {
                current.end.hurry();
            }
        }
    }

    /** Begins to probe the replica anew; one that is ready stays so until the new probes say otherwise. */
    void rewatch() {
        Replica current = replica;
        if (current != null && current.runs() && !current.stopping) {
            unwatch(current);
            if (!current.ready()) {
                enter(current, ReplicaState.STARTED, "probes changed");
            }
            watch(current);
        }
    }

    private void end(Next wanted, String why, boolean drain) {
        if (dropped) {
            return;
        }
        Replica current = replica;
        if (next != Next.DROP) {
            next = wanted;
        }
        if (current == null || current.running == null || (current.exited && current.gone)) {
            follow();
        } else if (current.stopping || current.exited) {
            if (!drain) {
                terminate(current);
            }
        } else {
            retire(current, why, drain);
        }
    }

    /** Takes the work away from a replica, then ends it. */
    private void retire(Replica current, String why, boolean drain) {
        settleWaits(current);
        unwatch(current);
        current.stopping = true;
        current.explain(why);
        set.judge(current);
        set.show();
        if (!drain) {
            terminate(current);
            return;
        }
        LifecycleConfig lifecycle = set.config().lifecycle();
        Duration limit =
                lifecycle.demotion() == LifecycleConfig.Demotion.DRAIN ? lifecycle.drainLimit() : Duration.ZERO;
        Timer late = tools.loop().schedule(limit.plus(IDLE_GRACE), () -> terminate(current));
        set.whenIdle(current, limit)
                .whenComplete((done, failure) -> tools.loop().execute(() -> {
                    late.cancel();
                    terminate(current);
                }));
    }

    private void terminate(Replica current) {
        RunningReplica running = current.running;
        if (current.end == null && running != null) {
            TreeEnd end = new TreeEnd(
                    current.name,
                    running,
                    set.config().stopLimit(),
                    tools.loop(),
                    tools.clock(),
                    () -> onGone(current, running));
            current.end = end;
            end.begin();
        }
    }

    private void onEnded(Replica ended, int code) {
        if (ended.exited) {
            return;
        }
        settleWaits(ended);
        unwatch(ended);
        ended.exit(code);
        set.onExit(code);
        String why = ended.stopping ? ended.reason() : "exit code " + code;
        enter(ended, ReplicaState.STOPPED, why);
        set.judge(ended);
        set.log().event("Replica " + ended.name + " stopped: exit code " + code);
        set.deliver();
        if (ended.gone) {
            conclude(ended);
        } else if (ended.end == null) {
            terminate(ended);
        } else {
            ended.end.look();
        }
    }

    private void onGone(Replica current, RunningReplica running) {
        current.gone = true;
        if (!current.exited && running.alive()) {
            current.exit(null);
            unwatch(current);
            enter(current, ReplicaState.STOPPED, "does not end");
            set.deliver();
        }
        if (current.exited) {
            conclude(current);
        }
    }

    private void conclude(Replica current) {
        set.forget(current);
        follow();
    }

    /** Does what was to follow the end of the replica. */
    private void follow() {
        restart.cancel();
        restartMillis = 0;
        switch (next) {
            case DROP -> {
                dropped = true;
                remove();
                ports.values().forEach(tools.ports()::give);
                set.onDropped(this);
            }
            case RESTART -> {
                next = Next.RESTART_LATER;
                startAgain();
            }
            case RESTART_LATER -> startLater();
        }
    }

    private void startLater() {
        Replica last = replica;
        Duration wait = waits.next(set.config().restarts());
        if (wait == null) {
            givenUp = true;
            String line = "Slot " + index + " of service " + set.name() + " is given up after " + waits.restarts()
                    + " restarts";
            explain(last, "given up after " + waits.restarts() + " restarts");
            set.log().trouble(line);
        } else {
            restartMillis = tools.clock().wallMillis() + wait.toMillis();
            explain(last, "next start after " + seconds(wait));
            set.log().event("Slot " + index + " of service " + set.name() + " starts again in " + seconds(wait));
            restart = tools.loop().schedule(wait, this::startAgain);
        }
        set.show();
    }

    private static void explain(@Nullable Replica last, String what) {
        if (last != null) {
            last.explain(last.reason().isEmpty() ? what : last.reason() + "; " + what);
        }
    }

    private static String seconds(Duration wait) {
        return wait.toMillis() % 1_000 == 0 ? wait.toSeconds() + " s" : wait.toMillis() + " ms";
    }

    private void startAgain() {
        set.onRestart();
        start();
    }

    private void start() {
        remove();
        restartMillis = 0;
        givenUp = false;
        ReplicatedConfig config = set.config();
        String name = tools.names().next(config.name());
        List<Integer> listening = List.of();
        Map<String, String> environment = Map.of();
        IOException failure = null;
        try {
            listening = ports(config);
            environment = set.environment(name, listening);
        } catch (IOException e) {
            failure = e;
        }
        Replica added = new Replica(name, index, config, listening, environment, tools.clock());
        replica = added;
        set.show();
        set.log().event("Launching service " + name + ": " + ReplicaSet.program(config.launch()));
        if (failure != null) {
            onFailedStart(added, failure);
            return;
        }
        set.announce(added);
        try {
            launch(added, environment);
        } catch (IOException e) {
            set.forget(added);
            onFailedStart(added, e);
        }
    }

    private void launch(Replica added, Map<String, String> environment) throws IOException {
        ReplicatedConfig config = added.config;
        RunningReplica running = tools.runner()
                .start(
                        new ReplicaRunner.Start(
                                added.name,
                                config.launch(),
                                config.bindings(),
                                added.ports,
                                environment,
                                config.stopLimit()),
                        line -> set.log().output(added.name, line));
        added.running = running;
        set.remember(added, running);
        enter(added, ReplicaState.STARTED, "");
        set.log().event("Replica " + added.name + " started: pid=" + running.pid() + " ports=" + added.ports);
        set.deliver();
        watch(added);
        running.whenEnded()
                .whenComplete((code, failure) ->
                        tools.loop().execute(() -> onEnded(added, code == null ? UNKNOWN_CODE : code)));
    }

    private void onFailedStart(Replica added, IOException failure) {
        enter(added, ReplicaState.STOPPED, "cannot be started: " + failure.getMessage());
        set.log().trouble("Replica " + added.name + " cannot be started: " + failure.getMessage());
        startLater();
    }

    /** Returns where a replica is to listen: where the last one of the slot did, as far as that is still free. */
    private List<Integer> ports(ReplicatedConfig config) throws IOException {
        ports.keySet().removeIf(pool -> {
            boolean unknown = config.bindings().stream()
                    .noneMatch(binding -> binding.pool().equals(pool));
            if (unknown) {
                tools.ports().give(ports.getOrDefault(pool, 0));
            }
            return unknown;
        });
        List<Integer> listening = new ArrayList<>();
        for (ReplicaBinding binding : config.bindings()) {
            Integer last = ports.get(binding.pool());
            int port = last == null ? tools.ports().take() : tools.ports().keep(last);
            if (last != null && port != last) {
                set.log().trouble("Port " + last + " of service " + set.name() + " was taken meanwhile, using " + port);
            }
            ports.put(binding.pool(), port);
            listening.add(port);
        }
        return listening;
    }

    private void watch(Replica watched) {
        LifecycleConfig lifecycle = set.config().lifecycle();
        if (!lifecycle.probes()) {
            onState(watched, ReplicaState.READY, "no probes");
            return;
        }
        Observer mine = new Observer(watched);
        try {
            observer = mine;
            ProbeSubject subject = watched.subject(set::externalPort);
            watched.watch = watched.ready()
                    ? tools.monitor().accompany(lifecycle, subject, ReplicaState.READY, mine)
                    : tools.monitor().watch(lifecycle, subject, mine);
            set.show();
        } catch (IllegalArgumentException e) {
            watched.explain("cannot be probed: " + e.getMessage());
            set.judge(watched);
            set.show();
            set.log().trouble("Replica " + watched.name + " cannot be probed: " + e.getMessage());
        }
    }

    private void unwatch(Replica watched) {
        observer = null;
        if (watched.watch != null) {
            watched.watch.close();
            watched.watch = null;
        }
    }

    private void onState(Replica watched, ReplicaState state, String why) {
        if (!watched.runs() || watched.stopping || state == watched.state()) {
            return;
        }
        settleWaits(watched);
        enter(watched, state, why);
        set.judge(watched);
        set.log()
                .event("Replica " + watched.name + " is moving to "
                        + (state == ReplicaState.HEALTHY ? "an healthy" : "a " + state.text()) + " state");
        if (state == ReplicaState.READY) {
            set.onReady(this);
        }
    }

    private void onLivenessFailed(Replica watched, String why) {
        if (watched == replica && watched.runs() && !watched.stopping) {
            set.log().event("Killing replica " + watched.name + " because it has failed the liveness probe");
            end(Next.RESTART_LATER, "liveness failed: " + why, true);
        }
    }

    /** Lets the waits begin anew if the replica was ready for long enough, before it is ready no more. */
    private void settleWaits(Replica leaving) {
        if (leaving.stable()) {
            waits.reset();
        }
    }

    private void enter(Replica changed, ReplicaState state, String why) {
        changed.enter(state, why);
        set.show();
    }

    /** Gives the name of the last replica up. */
    private void remove() {
        Replica last = replica;
        replica = null;
        if (last != null) {
            last.enter(ReplicaState.REMOVED, last.reason());
            set.log().event("Replica " + last.name + " removed");
            set.show();
        }
    }

    /** Hears what the probes of one replica say, as long as they are those that it has. */
    private final class Observer implements LifecycleObserver {
        private final Replica watched;

        Observer(Replica watched) {
            this.watched = watched;
        }

        @Override
        public void onState(ReplicaState state, String why) {
            hear(() -> ReplicaSlot.this.onState(watched, state, why));
        }

        @Override
        public void onLivenessFailed(String why) {
            hear(() -> ReplicaSlot.this.onLivenessFailed(watched, why));
        }

        private void hear(Runnable news) {
            tools.loop().execute(() -> {
                if (observer == this) {
                    news.run();
                }
            });
        }
    }
}
