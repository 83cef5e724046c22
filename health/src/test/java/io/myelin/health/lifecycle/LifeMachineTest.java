package io.myelin.health.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.myelin.health.lifecycle.LifeMachine.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every case is a line of results: {@code L} and {@code l} are a passed and a failed liveness probe, {@code R} and
 * {@code r} the same of readiness. What is expected is a line with {@code H} for healthy, {@code D} for demoted,
 * {@code +} for ready and {@code X} for failed liveness, a dot for a result that changed nothing.
 */
class LifeMachineTest {
    private static final int FAILURES = 3;

    static Stream<Arguments> lives() {
        return Stream.of(
                arguments("scenario 1, no probes", 0, 0, "", "+"),
                arguments("scenario 2, liveness only: healthy and ready with the first success", 1, 0, "lL", " .H+"),
                arguments("scenario 2, liveness only: later successes change nothing", 1, 0, "LLL", " H+.."),
                arguments("scenario 3, readiness only: healthy at once", 0, 1, "rrrrrr", "H......"),
                arguments("scenario 3, readiness only: ready when it passes", 0, 1, "rrR", "H..+"),
                arguments("scenario 3, readiness only: ready after the threshold", 0, 3, "RRR", "H..+"),
                arguments("scenario 4, both: liveness first, then readiness", 1, 1, "LrrR", " H..+"),
                arguments("scenario 4, both: readiness before healthy does not count", 1, 2, "RRRLRR", " ...H.+"),
                arguments("scenario 5, two failures and a success", 1, 1, "LRrrRrrRrr", " H+........"),
                arguments("scenario 5, three failures in a row", 1, 1, "LRrrr", " H+..D"),
                arguments("scenario 5, further failures change nothing", 1, 1, "LRrrrrrrr", " H+..D...."),
                arguments("scenario 5, failures count across liveness", 1, 1, "LRrLrLrL", " H+....D."),
                arguments("scenario 6, ready again after two in a row", 1, 2, "LRRrrrRrRR", " H.+..D...+"),
                arguments("the last failure of one kind is no success of the other", 1, 2, "LRrRR", " H...+"),
                arguments("liveness fails", 1, 1, "LRlll", " H+..X"),
                arguments("liveness fails without ever having passed", 1, 1, "lll", " ..X"),
                arguments("liveness recovers in time", 1, 1, "LRllLllL", " H+......"),
                arguments("after liveness failed nothing counts", 1, 1, "LRlllLRRlllrrr", " H+..X........."));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lives")
    void becomes(String what, int liveness, int readiness, String results, String expected) {
        LifeMachine machine = new LifeMachine(config(liveness, readiness), ReplicaState.STARTED, false);

        assertThat(play(machine, results)).as(what).isEqualTo(expected.strip());
    }

    @Test
    void anInstanceOfSomebodyElseRevives() {
        LifeMachine machine = new LifeMachine(config(1, 1), ReplicaState.STARTED, true);

        assertThat(play(machine, "LRlllRRLR")).isEqualTo("H+..X..H+");
        assertThat(machine.state()).isEqualTo(ReplicaState.READY);
        assertThat(machine.over()).isFalse();
    }

    @Test
    void livenessThatGoesOnToFailIsSaidAgain() {
        LifeMachine machine = new LifeMachine(config(1, 0), ReplicaState.STARTED, true);

        assertThat(play(machine, "lllllllL")).isEqualTo("..X..X.H+");
    }

    @Test
    void anInstanceThatServesGoesOnServingUntilProbesSayOtherwise() {
        LifeMachine machine = new LifeMachine(config(1, 1), ReplicaState.READY, true);

        assertThat(play(machine, "LRrrrR")).isEqualTo("....D+");
    }

    private static String play(LifeMachine machine, String results) {
        List<String> said = new ArrayList<>();
        said.add(text(machine.start(), ""));
        results.chars().forEach(result -> {
            boolean passed = Character.isUpperCase(result);
            said.add(text(
                    Character.toUpperCase(result) == 'L' ? machine.onLiveness(passed) : machine.onReadiness(passed),
                    "."));
        });
        return String.join("", said);
    }

    private static String text(List<Step> steps, String otherwise) {
        if (steps.isEmpty()) {
            return otherwise;
        }
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            text.append(
                    switch (step) {
                        case HEALTHY -> "H";
                        case DEMOTED -> "D";
                        case READY -> "+";
                        case LIVENESS_FAILED -> "X";
                    });
        }
        return text.toString();
    }

    /** Returns probes with these success thresholds, 0 for none. */
    private static LifecycleConfig config(int liveness, int readiness) {
        return new LifecycleConfig(
                liveness == 0 ? null : probe(liveness),
                readiness == 0 ? null : probe(readiness),
                LifecycleConfig.Demotion.DRAIN,
                LifecycleConfig.DEFAULT_DRAIN_LIMIT,
                null);
    }

    private static ProbeConfig probe(int successes) {
        return new ProbeConfig(
                new ProbeConfig.Tcp(null),
                Duration.ZERO,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                successes,
                FAILURES);
    }
}
