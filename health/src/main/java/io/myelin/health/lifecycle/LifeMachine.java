package io.myelin.health.lifecycle;

import static io.myelin.health.lifecycle.ReplicaState.HEALTHY;
import static io.myelin.health.lifecycle.ReplicaState.READY;
import static io.myelin.health.lifecycle.ReplicaState.STARTED;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The life of one instance, step by step, as the results of its probes tell it; it has no clock and no thread.
 *
 * <p>A threshold acts on the N-th result in a row, as in Kubernetes; Tye's own acts on the one after it.
 */
@OwnedBy(Owner.HEALTH_LOOP)
final class LifeMachine {
    /** What becomes of an instance. */
    enum Step {
        /** It lives, and takes no traffic yet. */
        HEALTHY,
        /** It takes traffic. */
        READY,
        /** It lives, and takes no traffic any more. */
        DEMOTED,
        /** It is to be restarted. */
        LIVENESS_FAILED
    }

    private static final List<Step> NONE = List.of();

    private final @Nullable ProbeConfig liveness;
    private final @Nullable ProbeConfig readiness;
    private final boolean revives;
    private final Row livenessRow = new Row();
    private final Row readinessRow = new Row();
    private ReplicaState state;
    private boolean over;

    /** Equal results, one after the other. */
    @OwnedBy(Owner.HEALTH_LOOP)
    private static final class Row {
        private boolean passed;
        private int length;

        /** Returns how many results such as this one came in a row by now. */
        int add(boolean next) {
            length = next == passed ? length + 1 : 1;
            passed = next;
            return length;
        }

        void clear() {
            length = 0;
        }
    }

    /**
     * Creates the machine of an instance that runs.
     *
     * @param from what it is so far, {@link ReplicaState#STARTED} or {@link ReplicaState#READY}
     * @param revives whether it may become healthy again after its liveness failed
     */
    LifeMachine(LifecycleConfig config, ReplicaState from, boolean revives) {
        this.liveness = config.liveness();
        this.readiness = config.readiness();
        this.state = from;
        this.revives = revives;
    }

    /** Returns what becomes of the instance before any probe: what nobody asks about is taken to be so. */
    List<Step> start() {
        if (state != STARTED || liveness != null) {
            return NONE;
        }
        if (readiness != null) {
            state = HEALTHY;
            return List.of(Step.HEALTHY);
        }
        state = READY;
        return List.of(Step.READY);
    }

    /** Takes a result of the liveness probe. */
    List<Step> onLiveness(boolean passed) {
        if (over || liveness == null) {
            return NONE;
        }
        int row = livenessRow.add(passed);
        if (passed) {
            return state == STARTED && row >= liveness.successThreshold() ? live() : NONE;
        }
        return row >= liveness.failureThreshold() ? fail() : NONE;
    }

    /** Takes a result of the readiness probe; none counts before the instance is healthy. */
    List<Step> onReadiness(boolean passed) {
        if (over || readiness == null || state == STARTED) {
            return NONE;
        }
        int row = readinessRow.add(passed);
        if (state == HEALTHY && passed && row >= readiness.successThreshold()) {
            state = READY;
            return List.of(Step.READY);
        }
        if (state == READY && !passed && row >= readiness.failureThreshold()) {
            state = HEALTHY;
            return List.of(Step.DEMOTED);
        }
        return NONE;
    }

    ReplicaState state() {
        return state;
    }

    /** Returns whether nothing more can become of the instance. */
    boolean over() {
        return over;
    }

    private List<Step> live() {
        readinessRow.clear();
        if (readiness != null) {
            state = HEALTHY;
            return List.of(Step.HEALTHY);
        }
        state = READY;
        return List.of(Step.HEALTHY, Step.READY);
    }

    private List<Step> fail() {
        livenessRow.clear();
        state = STARTED;
        over = !revives;
        return List.of(Step.LIVENESS_FAILED);
    }
}
