package io.myelin.health.replica;

import io.myelin.health.replica.ReplicaLoop.Timer;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of something that runs with all that it started: asked to end, given time, killed. */
@OwnedBy(Owner.REPLICAS)
final class TreeEnd {
    private static final Logger log = LoggerFactory.getLogger(TreeEnd.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    /** What does not end by SIGKILL within this time hangs in the kernel, and nothing else can be done. */
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    private final String name;
    private final RunningReplica running;
    private final ReplicaLoop loop;
    private final Clock clock;
    private final Runnable whenGone;
    private final long killNanos;
    private final long leaveNanos;
    private Timer timer = Timer.NONE;
    private boolean killed;
    private boolean over;

    /**
     * Creates the end of one replica.
     *
     * @param limit from asking to killing
     * @param whenGone is run once nothing of it runs any more, or nothing can be done about it
     */
    TreeEnd(String name, RunningReplica running, Duration limit, ReplicaLoop loop, Clock clock, Runnable whenGone) {
        this.name = name;
        this.running = running;
        this.loop = loop;
        this.clock = clock;
        this.whenGone = whenGone;
        killNanos = clock.nanoTime() + limit.toNanos();
        leaveNanos = killNanos + KILL_LIMIT.toNanos();
    }

    /** Asks everything to end. */
    void begin() {
        if (running.alive()) {
            running.terminate();
        }
        look();
    }

    /** Waits for nothing any more. */
    void hurry() {
        if (!over) {
            kill();
            look();
        }
    }

    /** Looks at once whether it is over. */
    void look() {
        if (over) {
            return;
        }
        timer.cancel();
        long now = clock.nanoTime();
        if (!running.alive()) {
            finish();
        } else if (now - leaveNanos >= 0) {
            log.error("Replica does not end, left alone: replica={} pid={}", name, running.pid());
            finish();
        } else {
            if (now - killNanos >= 0) {
                kill();
            }
            timer = loop.schedule(LOOK_EVERY, this::look);
        }
    }

    private void kill() {
        if (!killed) {
            log.warn("Replica did not end when asked, killed: replica={} pid={}", name, running.pid());
        }
        killed = true;
        running.kill();
    }

    private void finish() {
        over = true;
        whenGone.run();
    }
}
