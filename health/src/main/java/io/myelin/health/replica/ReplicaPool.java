package io.myelin.health.replica;

import io.myelin.model.EndpointId;
import io.myelin.model.EndpointSink;
import io.myelin.model.VerdictSink;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The pool of the replicas' ports behind one binding. Safe from any thread; calls return at once. */
public interface ReplicaPool extends EndpointSink, VerdictSink {
    /**
     * Completes once an endpoint whose verdict is failing is given no work any more and has finished what it had, or
     * when the limit has passed.
     */
    CompletionStage<Void> whenIdle(EndpointId endpoint, Duration limit);
}
