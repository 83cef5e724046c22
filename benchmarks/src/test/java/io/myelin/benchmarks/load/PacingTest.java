package io.myelin.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PacingTest {
    private static final int CONNECTIONS = 4;

    @Test
    void anOpenLoopSpreadsRequestsEvenlyOverConnectionsInTurn() {
        Pacing pacing = Pacing.open(1_000, CONNECTIONS);

        assertThat(LongStream.range(0, 12)
                        .map(n -> pacing.dueNanos((int) (n % CONNECTIONS), n / CONNECTIONS, 0))
                        .toArray())
                .containsExactly(LongStream.range(0, 12).map(n -> n * 1_000_000).toArray());
    }

    @Test
    void anOpenLoopDoesNotWaitForASlowServer() {
        Pacing pacing = Pacing.open(1_000, CONNECTIONS);

        assertThat(pacing.dueNanos(0, 1, 9_000_000_000L)).isEqualTo(4_000_000);
    }

    @Test
    void anOpenLoopKeepsItsRateForAsLongAsItRuns() {
        Pacing pacing = Pacing.open(3, 1);

        assertThat(pacing.dueNanos(0, 3_000_000, 0)).isEqualTo(1_000_000_000_000_000L);
    }

    @Test
    void aClosedLoopSendsAtOnce() {
        assertThat(Pacing.CLOSED.dueNanos(2, 7, 42)).isEqualTo(42);
    }

    @Test
    void aRateOfNothingIsRefused() {
        assertThatThrownBy(() -> Pacing.open(0, 1)).hasMessageContaining("rate: 0.0");
    }
}
