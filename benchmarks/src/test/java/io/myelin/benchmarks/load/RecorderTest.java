package io.myelin.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RecorderTest {
    private final Recorder recorder = new Recorder(1_000_000, 2_000_000);

    @Test
    void onlyWhatHappensInTheWindowCounts() {
        recorder.reply(999_999, 500_000);
        recorder.reply(1_500_000, 1_400_000);
        recorder.reply(2_000_000, 1_900_000);
        recorder.error(999_999);
        recorder.error(1_000_000);

        assertThat(recorder.replies()).isEqualTo(1);
        assertThat(recorder.errors()).isEqualTo(1);
        assertThat(recorder.ended(1_999_999)).isFalse();
        assertThat(recorder.ended(2_000_000)).isTrue();
    }

    @Test
    void aBacklogFromBeforeTheWindowIsWorkButNotLatency() {
        recorder.reply(1_500_000, 900_000);

        Histogram latency = Recorder.newHistogram();
        recorder.addTo(latency);
        assertThat(recorder.replies()).isEqualTo(1);
        assertThat(latency.getTotalCount()).isZero();
    }

    @Test
    void latencyCountsFromTheMomentARequestWasDue() {
        recorder.reply(1_500_000, 1_100_000);

        Histogram latency = Recorder.newHistogram();
        recorder.addTo(latency);
        assertThat(latency.getMaxValue()).isBetween(399_000L, 401_000L);
    }
}
