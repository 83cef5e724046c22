package io.myelin.health.lifecycle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Probes instances and tells what becomes of them. Safe from any thread. */
public interface LifecycleMonitor {
    /**
     * Begins to probe an instance that has just started and that will be restarted if its liveness fails, which ends
     * its probes. Without probes it is ready at once.
     *
     * @return what ends it, after which the observer hears nothing more
     * @throws IllegalArgumentException if no port of the subject is what a probe asks for
     */
    Watch watch(LifecycleConfig config, ProbeSubject subject, LifecycleObserver observer);

    /**
     * Begins to probe an instance that somebody else runs. When its liveness fails it counts as just started, and
     * probes go on: it becomes healthy again once liveness passes, and the observer hears again if it goes on to fail.
     *
     * @param from {@link ReplicaState#READY} if it takes traffic until probes say otherwise, otherwise
     *     {@link ReplicaState#STARTED}
     * @return what ends it, after which the observer hears nothing more
     * @throws IllegalArgumentException if no port of the subject is what a probe asks for
     */
    Watch accompany(LifecycleConfig config, ProbeSubject subject, ReplicaState from, LifecycleObserver observer);

    /** The probes of one instance; safe from any thread. */
    interface Watch extends AutoCloseable {
        /** Returns what its probes found last, liveness first; those that are not configured are left out. */
        List<ProbeReport> reports();

        @Override
        void close();
    }

    /**
     * What one probe found.
     *
     * @param probe {@code liveness} or {@code readiness}
     * @param target what is asked, such as {@code GET http://127.0.0.1:8080/ready}
     * @param passed the last result, {@code null} before there was one
     * @param reason the last observation, for people
     * @param millis how long the last probe took
     * @param atMillis wall clock at the end of the last probe, 0 before there was one
     * @param streak how many times in a row the last result came
     * @param successes how often it passed
     * @param failures how often it failed
     */
    record ProbeReport(
            String probe,
            String target,
            @Nullable Boolean passed,
            String reason,
            long millis,
            long atMillis,
            int streak,
            long successes,
            long failures) {}
}
