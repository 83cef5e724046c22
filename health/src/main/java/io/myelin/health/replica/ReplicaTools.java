package io.myelin.health.replica;

import io.myelin.health.lifecycle.LifecycleMonitor;
import io.myelin.model.Clock;
import java.util.concurrent.Executor;

/**
 * What all replicas share.
 *
 * @param loop the thread {@code replicas}
 * @param runner starts replicas
 * @param monitor tells when they are ready
 * @param ports those of this host that replicas are given
 * @param readers runs what readers of logs do, one thing at a time
 */
record ReplicaTools(
        ReplicaLoop loop,
        Clock clock,
        ReplicaNames names,
        ReplicaRunner runner,
        LifecycleMonitor monitor,
        PortBook ports,
        Executor readers) {}
