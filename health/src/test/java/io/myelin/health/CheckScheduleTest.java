package io.myelin.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckScheduleTest {
    private static final CheckConfig CONFIG = CheckConfig.every(Duration.ofSeconds(10))
            .with()
            .fastInterval(Duration.ofSeconds(2))
            .downInterval(Duration.ofSeconds(60))
            .fall(2)
            .build();

    /** Results so far ({@code +} passed, {@code -} failed), interval in the middle. */
    @ParameterizedTest
    @CsvSource({"'', 2", "+, 10", "+-, 2", "+--, 60", "-, 60", "-+, 2", "-++, 10"})
    void theIntervalFollowsTheState(String results, long seconds) {
        HealthMachine machine = new HealthMachine(CONFIG.rise(), CONFIG.fall());
        results.chars().forEach(result -> machine.record(result == '+'));

        assertThat(new CheckSchedule(CONFIG, bound -> bound / 2).nextDelayNanos(machine))
                .isEqualTo(Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    void everyIntervalVariesByATenthEitherWay() {
        HealthMachine machine = new HealthMachine(CONFIG.rise(), CONFIG.fall());
        machine.record(true);

        assertThat(new CheckSchedule(CONFIG, bound -> 0).nextDelayNanos(machine))
                .isEqualTo(Duration.ofSeconds(9).toNanos());
        assertThat(new CheckSchedule(CONFIG, bound -> bound - 1).nextDelayNanos(machine))
                .isBetween(
                        Duration.ofMillis(10_999).toNanos(),
                        Duration.ofSeconds(11).toNanos());
    }

    @Test
    void theSpreadIsConfigured() {
        HealthMachine machine = new HealthMachine(CONFIG.rise(), CONFIG.fall());
        machine.record(true);

        assertThat(new CheckSchedule(spread(50), bound -> 0).nextDelayNanos(machine))
                .isEqualTo(Duration.ofSeconds(5).toNanos());
        assertThat(new CheckSchedule(spread(0), bound -> 0).nextDelayNanos(machine))
                .isEqualTo(Duration.ofSeconds(10).toNanos());
        assertThatIllegalArgumentException().isThrownBy(() -> spread(51)).withMessage("spread: 51 (expected: 0..50)");
    }

    @Test
    void theFirstCheckComesWithinOneFastInterval() {
        assertThat(new CheckSchedule(CONFIG, bound -> 0).firstDelayNanos()).isZero();
        assertThat(new CheckSchedule(CONFIG, bound -> bound / 4).firstDelayNanos())
                .isEqualTo(Duration.ofMillis(500).toNanos());
        assertThat(new CheckSchedule(CONFIG, bound -> bound - 1).firstDelayNanos())
                .isBetween(
                        Duration.ofMillis(1_999).toNanos(),
                        Duration.ofSeconds(2).toNanos());
    }

    private static CheckConfig spread(int percent) {
        return CONFIG.with().spreadPercent(percent).build();
    }
}
