package io.myelin.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuTimeTest {
    @Test
    void theCommandOfAProcessMayHoldBlanksAndBrackets() {
        String stat = "4711 (a b) c) S 1 4711 4711 0 -1 4194560 100 0 0 0 250 75 9 9 20 0 1 0 100 0 0";

        assertThat(CpuTime.parse(stat)).isEqualTo(new CpuTime(2_500_000, 750_000));
    }

    @Test
    void noRequestsCostNothing() {
        assertThat(new CpuTime(5, 5).dividedBy(0)).isEqualTo(CpuTime.NONE);
    }
}
