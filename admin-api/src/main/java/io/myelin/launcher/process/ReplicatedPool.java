package io.myelin.launcher.process;

import io.myelin.balance.Member;
import io.myelin.control.ControlLoop;
import io.myelin.health.replica.ReplicaPool;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.EndpointSet;
import io.myelin.model.HealthVerdict;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.SourceStatus;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolSnapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A pool as those see it whose replicas are behind it. */
@OwnedBy(Owner.CONTROL)
final class ReplicatedPool implements ReplicaPool {
    /** How often it is looked whether a replica has work. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final Pool pool;
    private final ControlLoop control;
    private final Clock clock;
    /**
     * The latest of each replica. A pool forgets what it is told of an endpoint before it has made a member of it, and
     * begins anew after maintenance.
     */
    private final Map<EndpointId, HealthVerdict> verdicts = new HashMap<>();

    ReplicatedPool(Pool pool, ControlLoop control, Clock clock) {
        this.pool = pool;
        this.control = control;
        this.clock = clock;
        pool.observe((changed, before, after) -> repeatVerdicts(after));
    }

    boolean is(@Nullable Pool other) {
        return pool == other;
    }

    @Override
    public void replace(EndpointSet set) {
        List<EndpointId> ids = set.endpoints().stream().map(Endpoint::id).toList();
        control.execute(() -> verdicts.keySet().retainAll(ids));
        pool.replace(set);
    }

    @Override
    public void status(SourceStatus status) {
        pool.status(status);
    }

    @Override
    public void onVerdict(EndpointId endpoint, HealthVerdict verdict) {
        control.execute(() -> verdicts.put(endpoint, verdict));
        pool.onVerdict(endpoint, verdict);
    }

    @Override
    public CompletionStage<Void> whenIdle(EndpointId endpoint, Duration limit) {
        CompletableFuture<Void> idle = new CompletableFuture<>();
        IdleLook look = new IdleLook(endpoint, clock.nanoTime() + limit.toNanos(), idle);
        Future<?> looking = control.repeat(LOOK_EVERY, look);
        return idle.whenComplete((done, failure) -> looking.cancel(false));
    }

    private void repeatVerdicts(PoolSnapshot snapshot) {
        for (Member member : snapshot.members()) {
            HealthVerdict verdict = verdicts.get(member.id());
            if (verdict != null && verdict.state() != member.verdict().state()) {
                pool.onVerdict(member.id(), verdict);
            }
        }
    }

    /** Looks again and again whether a member has work; control thread. */
    @OwnedBy(Owner.CONTROL)
    private final class IdleLook implements Runnable {
        private final EndpointId endpoint;
        private final long deadlineNanos;
        private final CompletableFuture<Void> idle;
        /** Whoever read the last snapshot before it was replaced has begun its work when it is looked again. */
        private boolean idleBefore;

        IdleLook(EndpointId endpoint, long deadlineNanos, CompletableFuture<Void> idle) {
            this.endpoint = endpoint;
            this.deadlineNanos = deadlineNanos;
            this.idle = idle;
        }

        @Override
        public void run() {
            PoolSnapshot snapshot = pool.snapshot();
            Member member = find(snapshot.members());
            boolean unrouted = member == null || find(snapshot.eligible()) == null;
            boolean idleNow = unrouted && (member == null || member.inFlight() <= 0);
            boolean late = clock.nanoTime() - deadlineNanos >= 0;
            if ((idleNow && idleBefore) || (late && unrouted)) {
                idle.complete(null);
            }
            idleBefore = idleNow;
        }

        private @Nullable Member find(List<Member> members) {
            for (Member member : members) {
                if (member.id().equals(endpoint)) {
                    return member;
                }
            }
            return null;
        }
    }
}
