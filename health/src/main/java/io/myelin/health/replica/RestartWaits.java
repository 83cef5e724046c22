package io.myelin.health.replica;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The growing waits between the restarts of one slot. */
@OwnedBy(Owner.REPLICAS)
final class RestartWaits {
    private int restarts;

    /** Returns the wait before the next restart, {@code null} if there were as many in a row as there may be. */
    @Nullable
    Duration next(RestartPolicy policy) {
        Integer most = policy.maxRestarts();
        if (most != null && restarts >= most) {
            return null;
        }
        Duration wait = policy.firstWait();
        for (int i = 0; i < restarts && wait.compareTo(policy.longestWait()) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        restarts++;
        return wait.compareTo(policy.longestWait()) < 0 ? wait : policy.longestWait();
    }

    /** Returns how many restarts there were since the replicas of the slot were last stable. */
    int restarts() {
        return restarts;
    }

    void reset() {
        restarts = 0;
    }
}
