package io.myelin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.HdrHistogram.Histogram;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyTest {
    @ParameterizedTest
    @ValueSource(longs = {1_000, 1_234_000, 87_654_321_000L, 599_000_000_000L})
    void recordsMicrosecondsAsExactlyAsPromised(long nanos) {
        Latency fine = Latency.fine();
        Latency coarse = Latency.coarse();
        fine.record(nanos);
        coarse.record(nanos);
        Histogram fineSum = Latency.fineSum();
        Histogram coarseSum = Latency.coarseSum();
        fine.addTo(fineSum);
        coarse.addTo(coarseSum);

        assertThat(fineSum.getMaxValue()).isCloseTo(nanos / 1_000, Percentage.withPercentage(1));
        assertThat(coarseSum.getMaxValue()).isCloseTo(nanos / 1_000, Percentage.withPercentage(10));
    }

    @Test
    void takesValuesOutOfRangeAsTheNearestInRange() {
        Latency latency = Latency.fine();
        latency.record(-5);
        latency.record(Long.MAX_VALUE);
        Histogram sum = Latency.fineSum();
        latency.addTo(sum);

        assertThat(sum.getTotalCount()).isEqualTo(2);
        assertThat(sum.getMinValue()).isZero();
        assertThat(sum.getMaxValue()).isCloseTo(Latency.MAX_NANOS / 1_000, within(6_000_000L));
    }

    @Test
    void manyAddUpInOneSum() {
        Histogram sum = Latency.fineSum();
        for (int loop = 0; loop < 3; loop++) {
            Latency latency = Latency.fine();
            latency.record(1_000_000);
            latency.addTo(sum);
        }

        assertThat(sum.getTotalCount()).isEqualTo(3);
    }

    /** Every bucket there is, from its first value to its last, and what lies around the ends of rows. */
    @Test
    void countsIntoTheBucketsOfTheSum() {
        for (boolean fine : new boolean[] {true, false}) {
            Latency latency = fine ? Latency.fine() : Latency.coarse();
            Histogram expected = fine ? Latency.fineSum() : Latency.coarseSum();
            Histogram sum = expected.copy();
            long most = Latency.MAX_NANOS / 1_000;
            for (long micros = 0; micros <= most; micros += 1 + micros / 300) {
                latency.record(micros * 1_000 + 999);
                expected.recordValue(micros);
            }
            for (long power = 1; power <= most; power *= 2) {
                for (long micros = power - 1; micros <= Math.min(power + 1, most); micros++) {
                    latency.record(micros * 1_000);
                    expected.recordValue(micros);
                }
            }
            latency.addTo(sum);

            assertThat(sum).isEqualTo(expected);
        }
    }

    @Test
    void readersMissNothingThatWasRecordedBefore() throws InterruptedException {
        Latency latency = Latency.coarse();
        Thread owner = new Thread(() -> {
            for (long nanos = 1_000; nanos < Latency.MAX_NANOS; nanos += nanos / 64) {
                latency.record(nanos);
            }
        });
        owner.start();
        long before = 0;
        while (owner.isAlive()) {
            long now = total(latency);
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
        owner.join();

        assertThat(total(latency)).isGreaterThan(1_000);
    }

    private static long total(Latency latency) {
        Histogram sum = Latency.coarseSum();
        latency.addTo(sum);
        return sum.getTotalCount();
    }
}
