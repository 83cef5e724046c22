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
}
