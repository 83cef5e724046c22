package io.myelin.health.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HookPaceTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long START = -5 * SECOND;

    @Test
    void waitsDoubleUpToFiveMinutes() {
        HookPace pace = HookPace.START;
        long now = START;
        List<Long> waits = new ArrayList<>();
        for (int call = 0; call < 8; call++) {
            assertThat(pace.admits(now)).isTrue();
            pace = pace.afterCall(now);
            waits.add((pace.nextNanos() - now) / SECOND);
            assertThat(pace.admits(pace.nextNanos() - 1)).isFalse();
            now = pace.nextNanos();
        }

        assertThat(waits).containsExactly(10L, 20L, 40L, 80L, 160L, 300L, 300L, 300L);
    }

    @Test
    void anInstanceThatWasReadyForLongBeginsAnew() {
        HookPace pace = HookPace.START.afterCall(START).afterCall(START + 10 * SECOND);
        HookPace ready = pace.onReady(START + 20 * SECOND);

        assertThat(ready.admits(START + 29 * SECOND)).isFalse();
        assertThat(ready.afterCall(START + 40 * SECOND).nextNanos()).isEqualTo(START + 80 * SECOND);
        long stable = START + 20 * SECOND + HookPace.STABLE_AFTER.toNanos();
        assertThat(ready.onReady(stable).afterCall(stable).nextNanos()).isEqualTo(stable + 10 * SECOND);
    }
}
