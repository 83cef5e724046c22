package io.myelin.http;

import io.myelin.balance.ErrorWatch;
import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.balance.MemberLoad;
import io.myelin.failure.Failure;
import io.myelin.log.Trace;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.ListenerLoad;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.PoolLoad;
import io.myelin.upstream.Dispatch;
import org.jspecify.annotations.Nullable;

/**
 * What is counted, timed and noted about one exchange: at its pool, at the member that has it now, and for the access
 * log. Reused from one exchange to the next.
 *
 * <p>The time an exchange spends inside the proxy is the sum of the segments in which it was worked at: one begins with
 * {@link #resume} and is over with {@link #suspend}.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class ExchangeAccount {
    private final HttpLoop http;
    private @Nullable Pool pool;
    private @Nullable PoolLoad load;
    private @Nullable Member member;
    private @Nullable MemberLoad memberLoad;
    /** What the access log wants to know; none without one. */
    private @Nullable Trace trace;

    private boolean failedByMember;
    /** The last status that the member of the current attempt answered with, 0 for none. */
    private int status;

    private long startNanos;
    private long segmentNanos;
    private long selfNanos;

    ExchangeAccount(HttpLoop http) {
        this.http = http;
    }

    /** Opens the account of an exchange that starts now. */
    void open() {
        startNanos = http.loop().clock().nanoTime();
        segmentNanos = startNanos;
        selfNanos = 0;
        failedByMember = false;
        status = 0;
    }

    /** Returns when the exchange started. */
    long startNanos() {
        return startNanos;
    }

    /** Returns when the current segment began. */
    long segmentNanos() {
        return segmentNanos;
    }

    void resume() {
        segmentNanos = http.loop().clock().nanoTime();
    }

    void suspend() {
        selfNanos += http.loop().clock().nanoTime() - segmentNanos;
    }

    /** The exchange waits for a member with room; {@link #waited} follows. */
    void queued() {
        long now = http.loop().clock().nanoTime();
        selfNanos += now - segmentNanos;
        if (trace != null) {
            trace.queued(now);
        }
    }

    /**
     * The wait is over.
     *
     * @param served whether a member had room
     */
    void waited(boolean served) {
        resume();
        if (trace != null) {
            trace.waited(segmentNanos, served);
        }
    }

    /** Lets {@code newTrace} note what happens from now on. */
    void note(Trace newTrace) {
        trace = newTrace;
    }

    /** Returns what notes the exchange for the access log, {@code null} without one. */
    @Nullable
    Trace trace() {
        return trace;
    }

    /** Returns the pool that has the exchange, {@code null} before one was found. */
    @Nullable
    Pool pool() {
        return pool;
    }

    /** Returns the counters of the pool, {@code null} before one was found. */
    @Nullable
    PoolLoad load() {
        return load;
    }

    /** Returns the member of the current attempt, {@code null} between attempts. */
    @Nullable
    Member member() {
        return member;
    }

    /** Counts the exchange as one of the pool's. */
    void enter(Pool found) {
        pool = found;
        if (trace != null) {
            trace.routed(found);
        }
        PoolLoad counts = found.load(http.loop().index());
        load = counts;
        counts.counters().increment(PoolCounter.REQUESTS);
        counts.counters().increment(PoolCounter.IN_FLIGHT);
    }

    /**
     * Counts an attempt with {@code chosen}.
     *
     * @param version of the snapshot it was chosen from
     */
    void take(Member chosen, long version) {
        member = chosen;
        if (trace != null) {
            trace.picked(chosen, version);
        }
        MemberLoad counts = chosen.load(http.loop().index());
        memberLoad = counts;
        counts.counters().increment(MemberCounter.IN_FLIGHT);
        counts.counters().increment(MemberCounter.REQUESTS);
    }

    /** Counts something of the member, if there is one. */
    void ofMember(MemberCounter counter) {
        MemberLoad counts = memberLoad;
        if (counts != null) {
            counts.counters().increment(counter);
        }
    }

    /** Counts something of the pool, if there is one. */
    void ofPool(PoolCounter counter) {
        PoolLoad counts = load;
        if (counts != null) {
            counts.counters().increment(counter);
        }
    }

    void trailersDropped(int fields) {
        PoolLoad counts = load;
        if (fields > 0 && counts != null) {
            counts.counters().add(PoolCounter.TRAILERS_DROPPED, fields);
        }
    }

    /** Counts what the member was sent of the request. */
    void sent(int bytes) {
        PoolLoad counts = load;
        MemberLoad memberCounts = memberLoad;
        if (counts != null && memberCounts != null) {
            counts.counters().add(PoolCounter.BYTES_IN, bytes);
            memberCounts.counters().add(MemberCounter.BYTES_SENT, bytes);
        }
    }

    /** Counts what came from the member. */
    void received(int bytes) {
        MemberLoad counts = memberLoad;
        if (counts != null) {
            counts.counters().add(MemberCounter.BYTES_RECEIVED, bytes);
        }
    }

    /** Counts a failure at the pool, or at the listener of a request that never reached one. */
    void failed(Failure failure, ListenerLoad listener) {
        if (trace != null) {
            trace.failed(failure);
        }
        PoolLoad counts = load;
        if (counts == null) {
            listener.failures().increment(failure);
            return;
        }
        counts.failures().increment(failure);
        MemberLoad memberCounts = memberLoad;
        if (memberCounts != null && failure.origin() == Failure.Origin.UPSTREAM) {
            failedByMember = true;
            failedByMember(failure, memberCounts);
        }
    }

    /** Counts a failure of the current attempt, which another one follows. */
    void failedByMember(Failure failure) {
        MemberLoad counts = memberLoad;
        if (counts != null) {
            failedByMember(failure, counts);
        }
    }

    private void failedByMember(Failure failure, MemberLoad counts) {
        counts.counters().increment(MemberCounter.FAILURES);
        Member failed = member;
        ErrorWatch watch = failed == null ? null : failed.errorWatch();
        boolean connected = failure.retry() != Failure.Retry.SAFE;
        if (watch != null && connected) {
            watch.onAnswerFailed(http.loop().index(), failure.label());
        }
    }

    /** Counts what the client is told. */
    void answered(int told) {
        if (trace != null) {
            trace.status(told);
        }
        PoolLoad counts = load;
        if (counts != null) {
            counts.counters().increment(PoolCounter.ofStatus(told));
        }
    }

    /** Counts what the member of the current attempt answered. */
    void answeredByMember(int answered) {
        MemberLoad memberCounts = memberLoad;
        if (memberCounts != null) {
            status = answered;
            memberCounts.counters().increment(MemberCounter.ofStatus(answered));
            if (answered >= 500 || answered == 101) {
                answeredUnusually(answered);
            }
        }
    }

    private void answeredUnusually(int answered) {
        Member answering = member;
        ErrorWatch watch = answering == null ? null : answering.errorWatch();
        if (watch != null) {
            watch.onAnswer(http.loop().index(), answered);
        }
    }

    /** The member failed the current attempt, which may not be the last. */
    void attemptFailed(@Nullable Dispatch attempts) {
        resume();
        failedByMember = true;
        teach(attempts, segmentNanos - startNanos);
        failedByMember = false;
        status = 0;
    }

    /** The current attempt is over. */
    void release() {
        MemberLoad counts = memberLoad;
        if (counts != null) {
            counts.counters().add(MemberCounter.IN_FLIGHT, -1);
        }
        member = null;
        memberLoad = null;
    }

    /**
     * The exchange is over; {@link #close} follows, after the member was given back.
     *
     * @param bytesOut how much the client was sent
     */
    void settle(@Nullable Dispatch attempts, long bytesOut) {
        PoolLoad counts = load;
        if (counts == null) {
            return;
        }
        long tookNanos = http.loop().clock().nanoTime() - startNanos;
        counts.counters().add(PoolCounter.IN_FLIGHT, -1);
        counts.counters().add(PoolCounter.BYTES_OUT, bytesOut);
        counts.latency().record(tookNanos);
        counts.selfTime().record(selfNanos);
        MemberLoad memberCounts = memberLoad;
        if (memberCounts != null) {
            memberCounts.latency().record(tookNanos);
            teach(attempts, tookNanos);
        }
    }

    /** Forgets the exchange, having handed over what the access log wants to know. */
    void close(long bytesOut) {
        load = null;
        pool = null;
        Trace over = trace;
        if (over != null) {
            trace = null;
            over.sent(bytesOut);
            over.end(http.loop().index(), http.loop().clock(), selfNanos);
        }
    }

    /**
     * Tells a member that is chosen by its past how this exchange went: well, or so that others should be preferred.
     */
    private void teach(@Nullable Dispatch attempts, long tookNanos) {
        Member taught = member;
        if (taught == null || attempts == null || !attempts.snapshot().picker().learns()) {
            return;
        }
        long now = http.loop().clock().nanoTime();
        boolean refused = status == 429 || status >= 500;
        if (failedByMember || refused) {
            taught.onFailure(http.loop().index(), tookNanos, now);
        } else if (status != 0) {
            taught.onResponse(http.loop().index(), tookNanos, now);
        }
    }
}
