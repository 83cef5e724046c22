package io.myelin.balance;

import io.myelin.metrics.Counters;
import io.myelin.metrics.Latency;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.HealthVerdict;
import io.myelin.model.MemberTls;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The live side of an endpoint: what is in flight, what was counted, what health and operators say of it. It survives
 * snapshots by identity.
 *
 * <p>The control thread writes the volatile fields; each event loop writes its own {@link MemberLoad}; any thread
 * reads.
 */
public final class Member {
    /** What an operator wants of a member. */
    public enum AdminState {
        READY,
        /** No new work but the requests of clients that stick to the member; what is in flight finishes. */
        DRAIN,
        /** No new work at all, and no checks; what is in flight finishes. */
        MAINT
    }

    private final EndpointId id;
    private final AtomicReferenceArray<@Nullable MemberLoad> loads;
    private volatile Endpoint endpoint;
    private volatile int weight;
    private volatile int configuredWeight;
    private volatile @Nullable Integer weightOverride;
    private volatile int startPercent = 100;
    private volatile HealthVerdict verdict = HealthVerdict.UNCHECKED;
    private volatile AdminState adminState = AdminState.READY;
    private volatile boolean retired;
    private volatile int number;
    private volatile @Nullable Slots slots;
    private volatile @Nullable ErrorWatch errorWatch;
    private volatile @Nullable String leader;
    private volatile @Nullable MemberTls tls;
    private volatile @Nullable AtomicReferenceArray<@Nullable Counters<HandshakeCounter>> handshakes;

    /**
     * Creates a member with nothing in flight.
     *
     * @param weight effective weight, 0..{@value Endpoint#MAX_WEIGHT}
     * @param loops how many event loops may use it
     */
    public Member(Endpoint endpoint, int weight, int loops) {
        this.id = endpoint.id();
        this.endpoint = endpoint;
        this.weight = weight;
        this.configuredWeight = weight;
        this.loads = new AtomicReferenceArray<>(loops);
    }

    public EndpointId id() {
        return id;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** Returns the effective weight: 0 takes no new work but the requests of clients that stick to the member. */
    public int weight() {
        return weight;
    }

    /** Returns the weight that the configuration or the source says, which an operator may have replaced. */
    public int configuredWeight() {
        return configuredWeight;
    }

    /** Returns how much of its weight the member takes while it starts slowly, in per cent; 100 otherwise. */
    public int startPercent() {
        return startPercent;
    }

    /** Returns what the member's part of new work is in proportion to; at least 1, so that it can be divided by. */
    int share() {
        return Math.max(1, weight * startPercent);
    }

    public boolean backup() {
        return endpoint.backup();
    }

    public HealthVerdict verdict() {
        return verdict;
    }

    public AdminState adminState() {
        return adminState;
    }

    /** Returns the number by which operators' tools know it in its pool, HAProxy's server id; 0 if it has none. */
    public int number() {
        return number;
    }

    /** Returns whether the member has left its pool, so that none of its connections is kept. */
    public boolean retired() {
        return retired;
    }

    /** Returns whether registry and operators would have it take work, whatever its health. */
    public boolean wanted() {
        return weight > 0 && adminState == AdminState.READY;
    }

    public boolean eligible() {
        return wanted() && verdict.admitsTraffic();
    }

    /** Takes a new description of the same endpoint. Control thread. */
    public void describe(Endpoint newEndpoint, int newWeight) {
        endpoint = newEndpoint;
        configuredWeight = newWeight;
        Integer override = weightOverride;
        weight = override == null ? newWeight : override;
    }

    /** Replaces the weight, or with {@code null} ends its replacement. Control thread. */
    public void override(@Nullable Integer newWeight) {
        weightOverride = newWeight;
        weight = newWeight == null ? configuredWeight : newWeight;
    }

    /** Lets the member take that share of its weight, 1..100 per cent. Control thread. */
    public void start(int percent) {
        startPercent = percent;
    }

    /** Control thread. */
    public void judge(HealthVerdict newVerdict) {
        verdict = newVerdict;
    }

    /** Control thread. */
    public void rest(AdminState newState) {
        adminState = newState;
    }

    /** Control thread. */
    public void number(int newNumber) {
        number = newNumber;
    }

    /** Control thread. */
    public void retire(boolean gone) {
        retired = gone;
    }

    /**
     * Limits how many exchanges and tunnels the member may have at once, and how many may wait for it alone;
     * {@link Slots#UNLIMITED} for any number. What is in progress when it gets its first limit does not count. Control
     * thread.
     */
    public void limit(int connections, int waiting) {
        Slots existing = slots;
        Slots limited = existing == null ? new Slots(this) : existing;
        limited.limit(connections, waiting);
        slots = limited;
    }

    /** Has errors of its traffic noticed by {@code watch}, or with {@code null} by nobody. Control thread. */
    public void watch(@Nullable ErrorWatch watch) {
        errorWatch = watch;
    }

    /** Returns what notices errors of its traffic, {@code null} if nothing does. */
    public @Nullable ErrorWatch errorWatch() {
        return errorWatch;
    }

    /** Has it do as {@code newLeader} does, or with {@code null} as its own checks say. Control thread. */
    public void follow(@Nullable String newLeader) {
        if (leader != null && newLeader == null) {
            verdict = HealthVerdict.UNCHECKED;
        }
        leader = newLeader;
    }

    /** Returns the member that this one does as, {@code POOL/MEMBER}; {@code null} if it follows nobody. */
    public @Nullable String leader() {
        return leader;
    }

    /** Has connections to it encrypted that way, or with {@code null} not at all. Control thread. */
    public void encrypt(@Nullable MemberTls newTls) {
        if (newTls != null && handshakes == null) {
            handshakes = new AtomicReferenceArray<>(loads.length());
        }
        tls = newTls;
    }

    /** Returns how connections to it are encrypted, {@code null} if they are not. */
    public @Nullable MemberTls tls() {
        return tls;
    }

    /** Counts a handshake with it; called by {@code loop} only. */
    public void onHandshake(int loop, HandshakeCounter counter) {
        AtomicReferenceArray<@Nullable Counters<HandshakeCounter>> all = handshakes;
        if (all == null) {
            return;
        }
        Counters<HandshakeCounter> own = all.getPlain(loop);
        if (own == null) {
            own = new Counters<>(HandshakeCounter.class);
            all.setRelease(loop, own);
        }
        own.increment(counter);
    }

    /** Returns whether connections to it are, or ever were, encrypted; any thread. */
    public boolean everEncrypted() {
        return handshakes != null;
    }

    /** Returns a counter of handshakes summed over all loops; any thread. */
    public long total(HandshakeCounter counter) {
        AtomicReferenceArray<@Nullable Counters<HandshakeCounter>> all = handshakes;
        long sum = 0;
        for (int loop = 0; all != null && loop < all.length(); loop++) {
            Counters<HandshakeCounter> counters = all.getAcquire(loop);
            if (counters != null) {
                sum += counters.read(counter);
            }
        }
        return sum;
    }

    /** Returns how many it may have at once, {@code null} if it never had a limit. */
    public @Nullable Slots slots() {
        return slots;
    }

    /** Returns whether it has as many exchanges and tunnels as it may have. */
    public boolean full() {
        Slots limited = slots;
        return limited != null && limited.full();
    }

    /** Returns what {@code loop} counts about this member; called by that loop only. */
    public MemberLoad load(int loop) {
        MemberLoad load = loads.getPlain(loop);
        if (load == null) {
            load = new MemberLoad();
            loads.setRelease(loop, load);
        }
        return load;
    }

    /**
     * Tells the balancer that the member answered, {@code nanos} after it was asked; called by {@code loop} only. An
     * answer that says the member cannot serve, such as a 503, is an {@link #onFailure}.
     */
    public void onResponse(int loop, long nanos, long nowNanos) {
        load(loop).estimate().onResponse(nanos, nowNanos);
    }

    /**
     * Tells the balancer that the member failed a request or a connection attempt, {@code nanos} after it was asked;
     * called by {@code loop} only.
     */
    public void onFailure(int loop, long nanos, long nowNanos) {
        load(loop).estimate().onFailure(nanos, nowNanos);
    }

    /**
     * Returns the nanoseconds that a good answer is expected to take, with a penalty for recent failures, by the loop
     * with the worst experience; negative if the member was never heard of. Any thread.
     */
    public double latencyEstimate(long nowNanos) {
        double worst = -1;
        for (int loop = 0; loop < loads.length(); loop++) {
            MemberLoad load = loads.getAcquire(loop);
            if (load != null) {
                worst = Math.max(worst, load.estimate().read(nowNanos));
            }
        }
        return worst;
    }

    /** Returns a counter summed over all loops; any thread. */
    public long total(MemberCounter counter) {
        long sum = 0;
        for (int loop = 0; loop < loads.length(); loop++) {
            MemberLoad load = loads.getAcquire(loop);
            if (load != null) {
                sum += load.counters().read(counter);
            }
        }
        return sum;
    }

    /** Returns how many exchanges and tunnels are in progress on all loops; any thread. */
    public long inFlight() {
        return total(MemberCounter.IN_FLIGHT);
    }

    /** Returns the latency of all loops in microseconds, exact to ten per cent; any thread. */
    public Histogram latency() {
        Histogram sum = Latency.coarseSum();
        addLatencyTo(sum);
        return sum;
    }

    /** Adds the latency of all loops to {@code sum}, as {@link #latency()} has it; any thread. */
    public void addLatencyTo(Histogram sum) {
        for (int loop = 0; loop < loads.length(); loop++) {
            MemberLoad load = loads.getAcquire(loop);
            if (load != null) {
                load.latency().addTo(sum);
            }
        }
    }

    @Override
    public String toString() {
        return id.value();
    }
}
