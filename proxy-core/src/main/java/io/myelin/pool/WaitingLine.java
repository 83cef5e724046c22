package io.myelin.pool;

import io.myelin.balance.Member;
import io.myelin.balance.Slots;
import io.myelin.control.Serial;
import io.myelin.metrics.Latency;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges and tunnels of one pool that wait for a member with room: those that take any member in one line, those
 * that take one member only in a line of that member.
 *
 * <p>All methods are safe from any thread and never wait. Slots are shared by all event loops; each waiter belongs to
 * one, and hears there what becomes of it.
 */
@OwnedBy(Owner.SERIAL)
public final class WaitingLine {
    /*
     * A slot is lost to nobody, by two rules.
     *
     * A slot that is given back while anybody waits is not freed: it goes, still taken, to the oldest waiter who may
     * have it, and is freed only if there is none. So nobody who comes later can take it on the way.
     *
     * Whoever frees a slot looks for waiters after that; whoever begins to wait looks for free slots after having been
     * counted as waiting. Of the two at least one sees the other.
     *
     * Everything but these counts is done one after the other, in the order in which it was brought, by whichever event
     * loop is at it: lines are short, and a step costs no more than a pick.
     */
    private final Clock clock;
    private final Serial serial = new Serial();
    /** Everybody who has come and not gone yet. */
    private final AtomicInteger waiting = new AtomicInteger();
    /** Those among them who would take any member. */
    private final AtomicInteger takingAny = new AtomicInteger();

    private final AtomicLong queued = new AtomicLong();
    private final Set<Waiter> forAny = new LinkedHashSet<>();
    private final Map<Member, Set<Waiter>> forOne = new HashMap<>();
    private final Latency times = Latency.coarse();
    private int takingAnyInLine;
    private int inLine;
    private Set<Member> eligible = Set.of();
    private @Nullable PoolSnapshot snapshot;
    private volatile int limit;
    private volatile int mostInLine;
    private volatile long timeoutNanos;

    WaitingLine(Clock clock) {
        this.clock = clock;
    }

    /** Takes over the limits of a configuration. Control thread, before the snapshot that goes with it is published. */
    void configure(QueueConfig config, UpstreamConfig upstream) {
        limit = config.maxPending();
        timeoutNanos = config.timeoutNanos(upstream);
    }

    /** Returns how long one may wait, 0 for ever. */
    public long timeoutNanos() {
        return timeoutNanos;
    }

    /** Returns whether somebody waits who would take any member, so that whoever comes now has to stand behind. */
    public boolean precedes() {
        return takingAny.get() > 0;
    }

    /** Lets {@code waiter} wait for what it says it waits for. */
    public void join(Waiter waiter) {
        waiting.incrementAndGet();
        if (waiter.takesAny()) {
            takingAny.incrementAndGet();
        }
        serial.execute(() -> admit(waiter));
    }

    /** Lets {@code waiter} go, who hears no more of it; called on its event loop. */
    public void leave(Waiter waiter) {
        waiter.leave();
        serial.execute(() -> remove(waiter));
    }

    /** Gives back a slot that was taken, for whoever waits for one. */
    public void release(Slots slot) {
        if (waiting.get() > 0) {
            serial.execute(() -> handOver(slot));
            return;
        }
        slot.giveBack();
        if (waiting.get() > 0) {
            serial.execute(() -> offer(slot));
        }
    }

    /** Serves waiters from the members of {@code after}, once that is what the pool publishes. */
    void onSnapshot(PoolSnapshot after) {
        serial.execute(() -> {
            snapshot = after;
            eligible = Set.copyOf(after.eligible());
            if (inLine > 0) {
                serveFrom(after);
            }
        });
    }

    /** Returns how many wait. */
    public int waiting() {
        return waiting.get();
    }

    /** Returns the most that ever waited at once. */
    public int mostWaiting() {
        return mostInLine;
    }

    /** Returns how many may wait, {@link Slots#UNLIMITED} if any number. */
    public int limit() {
        return limit;
    }

    /** Returns how many have waited so far. */
    public long queued() {
        return queued.get();
    }

    /** Returns how long those waited whose wait is over, in microseconds, exact to ten per cent. */
    public Histogram times() {
        Histogram sum = Latency.coarseSum();
        times.addTo(sum);
        return sum;
    }

    // What follows runs in the serial only.

    private void admit(Waiter waiter) {
        PoolSnapshot now = snapshot;
        // One that has seen a later snapshot than the line waits for the line to see it too.
        boolean upToDate = now != null && waiter.snapshotVersion() <= now.version();
        if (upToDate && now != null) {
            if (canNeverServe(now, waiter)) {
                goneWithoutWaiting(waiter);
                waiter.tellOfChange();
                return;
            }
            Slots slot = takeSlot(now, waiter);
            if (slot != null) {
                goneWithoutWaiting(waiter);
                if (!waiter.serve(slot, this)) {
                    release(slot);
                }
                return;
            }
        }
        if (inLine >= limit || isFull(waiter.only())) {
            goneWithoutWaiting(waiter);
            waiter.refuse();
        } else {
            append(waiter);
        }
    }

    private boolean canNeverServe(PoolSnapshot now, Waiter waiter) {
        Member only = waiter.only();
        return now.line() != this || (only == null ? waiter.avoidsAll(eligible) : !isUsable(only));
    }

    /**
     * Returns whether requests that belong to {@code member} may still go there, which may be so when others may not.
     */
    private boolean isUsable(Member member) {
        return eligible.contains(member)
                || (!member.retired() && member.verdict().admitsTraffic());
    }

    private boolean isFull(@Nullable Member only) {
        Slots slots = only == null ? null : only.slots();
        return slots != null && lineOf(slots.member()).size() >= slots.waitingLimit();
    }

    private Set<Waiter> lineOf(Member member) {
        return forOne.getOrDefault(member, Set.of());
    }

    /** Takes a free slot for a waiter at the end of the line, {@code null} if there is none that is not for others. */
    private @Nullable Slots takeSlot(PoolSnapshot now, Waiter waiter) {
        Member only = waiter.only();
        if (only == null) {
            return takingAnyInLine > 0 ? null : takeAny(now, waiter);
        }
        return lineOf(only).isEmpty() ? take(only) : null;
    }

    private static @Nullable Slots takeAny(PoolSnapshot now, Waiter waiter) {
        // Each round another loop has taken the last slot of the member that was picked.
        for (Member member = now.picker().pick(waiter);
                member != null && member.slots() != null;
                member = now.picker().pick(waiter)) {
            Slots slot = take(member);
            if (slot != null) {
                return slot;
            }
        }
        return null;
    }

    private static @Nullable Slots take(Member member) {
        Slots slots = member.slots();
        return slots != null && slots.tryTake() ? slots : null;
    }

    /** Passes on a slot that is taken, or frees it if nobody may have it; returns whether somebody got it. */
    private boolean handOver(Slots slot) {
        while (!slot.overfull()) {
            Waiter next = nextFor(slot.member());
            if (next == null) {
                break;
            }
            remove(next);
            if (next.serve(slot, this)) {
                return true;
            }
        }
        slot.giveBack();
        return false;
    }

    private void offer(Slots slot) {
        if (slot.tryTake()) {
            handOver(slot);
        }
    }

    /** Returns the oldest waiter who may have a slot at {@code member}. */
    private @Nullable Waiter nextFor(Member member) {
        Waiter own = isUsable(member) ? first(lineOf(member), member) : null;
        Waiter any = eligible.contains(member) ? first(forAny, member) : null;
        if (own == null || any == null) {
            return own == null ? any : own;
        }
        return own.sinceNanos() - any.sinceNanos() <= 0 ? own : any;
    }

    private static @Nullable Waiter first(Set<Waiter> line, Member member) {
        for (Waiter waiter : line) {
            if (!waiter.avoids(member)) {
                return waiter;
            }
        }
        return null;
    }

    private void serveFrom(PoolSnapshot now) {
        for (Member member : List.copyOf(forOne.keySet())) {
            for (Waiter waiter : List.copyOf(lineOf(member))) {
                if (canNeverServe(now, waiter)) {
                    sendAway(waiter);
                }
            }
            serveOwnLine(member);
        }
        for (Waiter waiter : List.copyOf(forAny)) {
            if (canNeverServe(now, waiter)) {
                sendAway(waiter);
            }
        }
        serveAny(now);
    }

    private void serveOwnLine(Member member) {
        Slots slot = lineOf(member).isEmpty() ? null : take(member);
        while (slot != null && handOver(slot)) {
            slot = lineOf(member).isEmpty() ? null : take(member);
        }
    }

    private void serveAny(PoolSnapshot now) {
        for (Waiter waiter : List.copyOf(forAny)) {
            Slots slot = takeAny(now, waiter);
            if (slot != null) {
                remove(waiter);
                if (!waiter.serve(slot, this)) {
                    release(slot);
                }
            } else if (waiter.takesAny()) {
                return;
            }
        }
    }

    /** The waiter has to look for itself what the members of now can do for it. */
    private void sendAway(Waiter waiter) {
        remove(waiter);
        waiter.tellOfChange();
    }

    private void append(Waiter waiter) {
        Member only = waiter.only();
        if (only == null) {
            forAny.add(waiter);
            takingAnyInLine += waiter.takesAny() ? 1 : 0;
        } else {
            Set<Waiter> own = forOne.computeIfAbsent(only, any -> new LinkedHashSet<>());
            own.add(waiter);
            report(only, own.size());
        }
        inLine++;
        mostInLine = Math.max(mostInLine, inLine);
        queued.incrementAndGet();
    }

    /** Takes {@code waiter} out of its line; does nothing if it is in none. */
    private void remove(Waiter waiter) {
        Member only = waiter.only();
        if (only == null) {
            if (!forAny.remove(waiter)) {
                return;
            }
            takingAnyInLine -= waiter.takesAny() ? 1 : 0;
        } else {
            Set<Waiter> own = forOne.get(only);
            if (own == null || !own.remove(waiter)) {
                return;
            }
            report(only, own.size());
            if (own.isEmpty()) {
                forOne.remove(only);
            }
        }
        inLine--;
        times.record(clock.nanoTime() - waiter.sinceNanos());
        goneWithoutWaiting(waiter);
    }

    private void goneWithoutWaiting(Waiter waiter) {
        if (waiter.takesAny()) {
            takingAny.decrementAndGet();
        }
        waiting.decrementAndGet();
    }

    private static void report(Member member, int inItsLine) {
        Slots slots = member.slots();
        if (slots != null) {
            slots.onWaiting(inItsLine);
        }
    }
}
