package io.myelin.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import org.junit.jupiter.api.Test;

class JointVerdictTest {
    private static final HealthVerdict CHECK_PASSES = new HealthVerdict(State.PASSING, "check", 1);
    private static final HealthVerdict CHECK_FAILS = new HealthVerdict(State.FAILING, "check", 1);
    private static final HealthVerdict PROBE_PASSES = new HealthVerdict(State.PASSING, "probe", 2);
    private static final HealthVerdict PROBE_FAILS = new HealthVerdict(State.FAILING, "probe", 2);

    @Test
    void bothMustAdmit() {
        assertThat(JointVerdict.of(CHECK_PASSES, PROBE_PASSES)).isEqualTo(PROBE_PASSES);
        assertThat(JointVerdict.of(CHECK_FAILS, PROBE_PASSES)).isEqualTo(CHECK_FAILS);
        assertThat(JointVerdict.of(CHECK_PASSES, PROBE_FAILS)).isEqualTo(PROBE_FAILS);
        assertThat(JointVerdict.of(CHECK_FAILS, PROBE_FAILS)).isEqualTo(PROBE_FAILS);
    }

    @Test
    void whoIsNotThereSaysNothing() {
        assertThat(JointVerdict.of(null, PROBE_FAILS)).isEqualTo(PROBE_FAILS);
        assertThat(JointVerdict.of(null, PROBE_PASSES)).isEqualTo(PROBE_PASSES);
        assertThat(JointVerdict.of(CHECK_FAILS, null)).isEqualTo(CHECK_FAILS);
        assertThat(JointVerdict.of(null, null)).isEqualTo(HealthVerdict.UNCHECKED);
    }
}
