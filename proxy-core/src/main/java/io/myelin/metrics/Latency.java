package io.myelin.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A latency histogram with a single writer, the owning event loop.
 *
 * <p>Readers add it to a sum of their own with {@link #addTo}. They may miss values that are being recorded at that
 * moment; they never see a wrong bucket.
 */
public final class Latency {
    /*
     * The buckets are those of an HdrHistogram: each doubling of the value is one row of equally wide buckets, as many
     * as the precision asks for; below the first doubling stands one row of microseconds. A row is made when the first
     * value falls into it. The latencies of one pool span a few doublings, so that it holds a few rows where a whole
     * histogram has two dozen: with hundreds of pools on several loops that is most of the heap.
     */
    /** The largest value that is told apart, ten minutes; longer ones count as this. */
    public static final long MAX_NANOS = 600_000_000_000L;

    private static final long UNIT_NANOS = 1_000;
    private static final int FINE_DIGITS = 2;
    private static final int COARSE_DIGITS = 1;

    /** A histogram of d digits has rows of at least 10^d buckets, rounded up to a power of two. */
    private static final int FINE_ROW_BITS = 7;

    private static final int COARSE_ROW_BITS = 4;

    private final int rowBits;
    private final AtomicReferenceArray<@Nullable AtomicLongArray> rows;

    private Latency(int rowBits) {
        this.rowBits = rowBits;
        this.rows = new AtomicReferenceArray<>(rowOf(MAX_NANOS / UNIT_NANOS, rowBits) + 1);
    }

    /** Returns a histogram of microseconds that is exact to one per cent. */
    public static Latency fine() {
        return new Latency(FINE_ROW_BITS);
    }

    /** Returns a histogram of microseconds that is exact to ten per cent: an eighth of the memory. */
    public static Latency coarse() {
        return new Latency(COARSE_ROW_BITS);
    }

    /** Returns a histogram to sum {@link #fine} ones into. */
    public static Histogram fineSum() {
        return emptyHistogram(FINE_DIGITS);
    }

    /** Returns a histogram to sum {@link #coarse} ones into. */
    public static Histogram coarseSum() {
        return emptyHistogram(COARSE_DIGITS);
    }

    /** Records one value. Owner only. */
    public void record(long nanos) {
        long value = Math.max(0, Math.min(nanos, MAX_NANOS)) / UNIT_NANOS;
        int index = rowOf(value, rowBits);
        AtomicLongArray row = rows.getPlain(index);
        if (row == null) {
            row = new AtomicLongArray(1 << rowBits);
            rows.setRelease(index, row);
        }
        int bucket = (int) (value >>> shiftOf(index)) & ((1 << rowBits) - 1);
        row.setOpaque(bucket, row.getPlain(bucket) + 1);
    }

    /** Adds what was recorded so far to {@code sum}, in microseconds; any thread. */
    public void addTo(Histogram sum) {
        for (int index = 0; index < rows.length(); index++) {
            AtomicLongArray row = rows.getAcquire(index);
            if (row != null) {
                addTo(sum, row, index);
            }
        }
    }

    private void addTo(Histogram sum, AtomicLongArray row, int index) {
        long first = index == 0 ? 0 : 1L << rowBits;
        for (int bucket = 0; bucket < row.length(); bucket++) {
            long count = row.getOpaque(bucket);
            if (count > 0) {
                sum.recordValueWithCount((first + bucket) << shiftOf(index), count);
            }
        }
    }

    private static int rowOf(long value, int rowBits) {
        return Math.max(0, Long.SIZE - rowBits - Long.numberOfLeadingZeros(value));
    }

    /** Returns how wide the buckets of a row are, as an exponent. */
    private static int shiftOf(int row) {
        return Math.max(0, row - 1);
    }

    /** Grows with what is added to it, which is a fraction of what it could hold. */
    private static Histogram emptyHistogram(int digits) {
        return new Histogram(digits);
    }
}
