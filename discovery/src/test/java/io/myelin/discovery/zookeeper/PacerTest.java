package io.myelin.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.testing.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PacerTest {
    private static final Duration WINDOW = Duration.ofSeconds(30);

    private final FakeClock clock = new FakeClock();

    @Test
    void theFirstRoundIsNotHeldBack() {
        assertThat(pacer(WINDOW, 29_999).untilNext()).isZero();
    }

    @Test
    void theNextWaitsForTheRestOfTheWindowAndForARandomPartOfAnother() {
        Pacer pacer = pacer(WINDOW, 7_000);
        pacer.begin();
        clock.advance(Duration.ofSeconds(10));

        assertThat(pacer.untilNext()).isEqualTo(Duration.ofSeconds(27));
    }

    @Test
    void aRoundAfterTheWindowIsNotHeldBack() {
        Pacer pacer = pacer(WINDOW, 7_000);
        pacer.begin();
        clock.advance(WINDOW);

        assertThat(pacer.untilNext()).isZero();
    }

    @Test
    void withoutAWindowNothingIsHeldBack() {
        Pacer pacer = pacer(Duration.ZERO, 0);
        pacer.begin();

        assertThat(pacer.untilNext()).isZero();
    }

    @Test
    void pausesDoubleUpToTheLongestAndVaryByHalf() {
        Pauses pauses = new Pauses(Duration.ofMillis(500), Duration.ofMinutes(1));

        assertThat(pauses.after(1, bound -> bound - 1)).isEqualTo(Duration.ofMillis(500));
        assertThat(pauses.after(3, bound -> 0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(pauses.after(3, bound -> bound - 1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(pauses.after(1_000, bound -> bound - 1)).isEqualTo(Duration.ofMinutes(1));
        assertThat(pauses.after(1_000, bound -> 0)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void pausesAreNeverBelowTheFirst() {
        assertThat(new Pauses(Duration.ofMillis(500), Duration.ofMillis(600)).after(1, bound -> 0))
                .isEqualTo(Duration.ofMillis(500));
        assertThatThrownBy(() -> new Pauses(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessage("max_interval: PT1S (expected: >= PT2S)");
    }

    private Pacer pacer(Duration window, int random) {
        return new Pacer(window, clock, bound -> Math.min(bound - 1, random));
    }
}
