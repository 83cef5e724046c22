package io.myelin.benchmarks.load;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import org.HdrHistogram.Histogram;

/** What one event loop saw of the replies that came while the load was being measured. */
@OwnedBy(Owner.EVENT_LOOP)
final class Recorder {
    /** A latency beyond it counts as this. */
    private static final long MAX_NANOS = 600_000_000_000L;

    private final Histogram nanos = newHistogram();
    private final long fromNanos;
    private final long toNanos;
    private long replies;
    private long errors;

    Recorder(long fromNanos, long toNanos) {
        this.fromNanos = fromNanos;
        this.toNanos = toNanos;
    }

    static Histogram newHistogram() {
        return new Histogram(1_000, MAX_NANOS, 3);
    }

    /** Counts a reply that came while it counts; its latency only if it was due then too, and not left from before. */
    void reply(long nowNanos, long dueNanos) {
        if (counts(nowNanos)) {
            replies++;
            if (dueNanos >= fromNanos) {
                nanos.recordValue(Math.min(nowNanos - dueNanos, MAX_NANOS));
            }
        }
    }

    void error(long nowNanos) {
        if (counts(nowNanos)) {
            errors++;
        }
    }

    boolean ended(long nowNanos) {
        return nowNanos >= toNanos;
    }

    long replies() {
        return replies;
    }

    long errors() {
        return errors;
    }

    void addTo(Histogram sum) {
        sum.add(nanos);
    }

    private boolean counts(long nowNanos) {
        return nowNanos >= fromNanos && nowNanos < toNanos;
    }
}
