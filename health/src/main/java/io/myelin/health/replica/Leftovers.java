package io.myelin.health.replica;

import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends what a process that crashed has left over. */
@OwnedBy(Owner.REPLICAS)
final class Leftovers {
    private static final Logger log = LoggerFactory.getLogger(Leftovers.class);
    private static final Duration LIMIT = ReplicatedConfig.DEFAULT_STOP_LIMIT;

    private final Processes processes;
    private final RunStore store;
    private final ReplicaLoop loop;
    private final Clock clock;
    private final Runnable whenGone;
    private int remaining;

    /**
     * Creates the end of what is left over.
     *
     * @param whenGone is run once nothing is left
     */
    Leftovers(Processes processes, RunStore store, ReplicaLoop loop, Clock clock, Runnable whenGone) {
        this.processes = processes;
        this.store = store;
        this.loop = loop;
        this.clock = clock;
        this.whenGone = whenGone;
    }

    /** Ends those of {@code entries} that still run, and what they started; a process of anybody else is left alone. */
    void end(List<RunEntry> entries) {
        remaining = entries.size() + 1;
        entries.forEach(this::end);
        onGone();
    }

    private void end(RunEntry entry) {
        LeftoverReplica left = new LeftoverReplica(entry, processes);
        if (left.alive()) {
            log.warn(
                    "Ending a replica that an earlier run has left over: replica={} pid={} program={}",
                    entry.replica(),
                    left.pid(),
                    entry.program());
        }
        new TreeEnd(entry.replica(), left, LIMIT, loop, clock, () -> {
                    store.forget(entry.replica());
                    onGone();
                })
                .begin();
    }

    private void onGone() {
        if (--remaining == 0) {
            whenGone.run();
        }
    }
}
