package io.myelin.health.replica;

import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.health.lifecycle.LifecycleMonitor;
import io.myelin.health.lifecycle.LifecycleObserver;
import io.myelin.health.lifecycle.ProbeSubject;
import io.myelin.health.lifecycle.ReplicaState;
import java.util.ArrayList;
import java.util.List;

/** Tells of replicas what the test says. */
final class FakeMonitor implements LifecycleMonitor {
    final List<Watched> watched = new ArrayList<>();

    @Override
    public Watch watch(LifecycleConfig config, ProbeSubject subject, LifecycleObserver observer) {
        return add(new Watched(config, subject, ReplicaState.STARTED, observer));
    }

    @Override
    public Watch accompany(
            LifecycleConfig config, ProbeSubject subject, ReplicaState from, LifecycleObserver observer) {
        return add(new Watched(config, subject, from, observer));
    }

    private Watched add(Watched one) {
        watched.add(one);
        return one;
    }

    /** Returns the latest watch of a replica. */
    Watched of(String replica) {
        return watched.stream()
                .filter(one -> one.subject.name().equals(replica))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    static final class Watched implements Watch {
        final LifecycleConfig config;
        final ProbeSubject subject;
        final ReplicaState from;
        final LifecycleObserver observer;
        boolean closed;

        Watched(LifecycleConfig config, ProbeSubject subject, ReplicaState from, LifecycleObserver observer) {
            this.config = config;
            this.subject = subject;
            this.from = from;
            this.observer = observer;
        }

        void ready() {
            observer.onState(ReplicaState.HEALTHY, "http 200");
            observer.onState(ReplicaState.READY, "http 200");
        }

        @Override
        public List<ProbeReport> reports() {
            return List.of(new ProbeReport("readiness", "GET /ready", true, "http 200", 1, 1, 1, 1, 0));
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
