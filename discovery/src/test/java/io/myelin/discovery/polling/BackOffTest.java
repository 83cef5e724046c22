package io.myelin.discovery.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void pausesDoubleUpToALimit() {
        Pace pace = Pace.sparing(Duration.ofSeconds(15), 8);
        BackOff backOff = new BackOff(pace.firstPause(), pace.longestPause(), bound -> bound - 1);

        assertThat(seconds(backOff, 6)).containsExactly(15L, 30L, 60L, 120L, 120L, 120L);
        backOff.reset();
        assertThat(seconds(backOff, 2)).containsExactly(15L, 30L);
    }

    @Test
    void aRegistryThatMayBeAskedSoonIsNeverAskedLessOftenThanOneThatAnswers() {
        Pace pace = Pace.eager(Duration.ofSeconds(5));
        BackOff backOff = new BackOff(pace.firstPause(), pace.longestPause(), bound -> bound - 1);
        Pace hasty = Pace.eager(Duration.ofMillis(100));

        assertThat(seconds(backOff, 5)).containsExactly(1L, 2L, 4L, 5L, 5L);
        assertThat(new BackOff(hasty.firstPause(), hasty.longestPause(), bound -> bound - 1).next())
                .isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void aHundredFailuresAreNoOverflow() {
        BackOff backOff = new BackOff(SECOND, Duration.ofDays(1), bound -> bound - 1);

        assertThat(seconds(backOff, 100)).last().isEqualTo(65_536L);
    }

    @Test
    void chanceShortensAPauseByAQuarterAtMost() {
        assertThat(new BackOff(SECOND, SECOND, bound -> 0).next()).isEqualTo(Duration.ofMillis(750));
        assertThat(BackOff.spread(SECOND, 90, bound -> 0)).isEqualTo(Duration.ofMillis(900));
        assertThat(BackOff.spread(SECOND, 90, bound -> bound - 1)).isEqualTo(SECOND);
    }

    @Test
    void anIntervalIsMoreThanNone() {
        assertThatThrownBy(() -> Pace.eager(Duration.ZERO)).hasMessage("check_interval: PT0S (expected: more than 0)");
    }

    private static List<Long> seconds(BackOff backOff, int count) {
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            seconds.add(backOff.next().toSeconds());
        }
        return seconds;
    }
}
