package io.myelin.health.lifecycle;

/**
 * Hears of the life of one instance, on a thread of the monitor; calls return at once and take no lock under which a
 * watch is closed.
 */
public interface LifecycleObserver {
    /**
     * The instance is in another state now: {@link ReplicaState#HEALTHY} or {@link ReplicaState#READY}.
     *
     * @param reason the observation behind it, for people
     */
    void onState(ReplicaState state, String reason);

    /**
     * Liveness failed as often in a row as it may. Said once, and nothing is said after it, unless somebody else runs
     * the instance: then it is said every time that liveness failed so often again.
     *
     * @param reason the last failure, for people
     */
    void onLivenessFailed(String reason);
}
