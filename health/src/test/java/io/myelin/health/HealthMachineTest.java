package io.myelin.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.model.HealthVerdict.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthMachineTest {
    /** Each row: rise, fall, results ({@code +} passed, {@code -} failed), progress after each result. */
    @ParameterizedTest
    @CsvSource({
        "3, 2, -, DOWN",
        "3, 2, +, UP",
        "3, 2, +-, UP;UP 1/2",
        "3, 2, +--, UP;UP 1/2;DOWN",
        "3, 2, +-+--, UP;UP 1/2;UP;UP 1/2;DOWN",
        "3, 2, -++, DOWN;DOWN 1/3;DOWN 2/3",
        "3, 2, -+++, DOWN;DOWN 1/3;DOWN 2/3;UP",
        "3, 2, -++-+++, DOWN;DOWN 1/3;DOWN 2/3;DOWN;DOWN 1/3;DOWN 2/3;UP",
        "2, 3, +---, UP;UP 2/3;UP 1/3;DOWN",
        "2, 3, -+, DOWN;DOWN 1/2",
        "1, 1, +-+, UP;DOWN;UP",
    })
    void countsAsHaproxyDoes(int rise, int fall, String results, String expected) {
        HealthMachine machine = new HealthMachine(rise, fall);
        List<String> progress = new ArrayList<>();
        results.chars().forEach(result -> {
            machine.record(result == '+');
            progress.add(machine.progress());
        });

        assertThat(String.join(";", progress)).isEqualTo(expected);
    }

    /** Each row: rise, fall, results as above and {@code !} grave, {@code x} fatal failures, progress at the end. */
    @ParameterizedTest
    @CsvSource({
        "2, 4, +!, UP 1/4",
        "2, 4, +!-, DOWN",
        "2, 4, +!+, UP",
        "2, 4, +!!, DOWN",
        "2, 4, +---, UP 1/4",
        "2, 4, +---!, DOWN",
        "2, 2, +!, UP 1/2",
        "2, 1, +!, DOWN",
        "2, 4, !, DOWN",
        "2, 4, +x, DOWN",
        "2, 4, +-x, DOWN",
        "2, 4, x, DOWN",
        "2, 4, +x+, DOWN 1/2",
        "2, 4, +x+x, DOWN",
        "2, 4, +x++, UP",
    })
    void aFailureMayCountForMoreThanOne(int rise, int fall, String results, String expected) {
        HealthMachine machine = new HealthMachine(rise, fall);
        results.chars().forEach(result -> {
            switch (result) {
                case '!' -> machine.recordGraveFailure();
                case 'x' -> machine.recordFatalFailure();
                default -> machine.record(result == '+');
            }
        });

        assertThat(machine.progress()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, UP", "2, UP 1/2", "3, UP 1/3"})
    void aNewEndpointIsUpWithOneFailureLeft(int fall, String progress) {
        HealthMachine machine = new HealthMachine(2, fall);

        assertThat(machine.progress()).isEqualTo(progress);
        assertThat(machine.state()).isEqualTo(State.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"'', true", "+, false", "+-, true", "+--, false", "+-+, false", "-, false", "-+, true", "-+-, false"})
    void isInTransitionUntilSettled(String results, boolean inTransition) {
        HealthMachine machine = new HealthMachine(3, 2);
        results.chars().forEach(result -> machine.record(result == '+'));

        assertThat(machine.inTransition()).isEqualTo(inTransition);
    }

    @Test
    void newThresholdsKeepTheConclusionAndStartTheRowOver() {
        HealthMachine machine = new HealthMachine(3, 3);
        machine.record(true);
        machine.record(false);

        machine.reconfigure(3, 2);

        assertThat(machine.progress()).isEqualTo("UP");
        assertThat(machine.record(false)).isEqualTo(State.PASSING);
        assertThat(machine.record(false)).isEqualTo(State.FAILING);
    }
}
