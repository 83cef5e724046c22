package io.myelin.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.ErrorWatch.Level;
import io.myelin.model.ErrorReaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnOptionsTest {
    private static final ObserveConfig OF_POOL = new ObserveConfig(Level.CONNECTIONS, 5, ErrorReaction.SUDDEN_DEATH);

    @ParameterizedTest
    @ValueSource(
            strings = {"", "weight 3 backup", "observe", "observe layer9 error-limit 0 on-error panic", "on-error"})
    void whatIsNotSaidIsThatOfThePool(String options) {
        assertThat(OwnOptions.observe(options, OF_POOL)).isEqualTo(OF_POOL);
        assertThat(OwnOptions.observe(options, null)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "observe layer7, ANSWERS, 5, SUDDEN_DEATH",
        "check error-limit 7 on-error mark-down, CONNECTIONS, 7, MARK_DOWN",
        "on-error fastinter on-error fail-check, CONNECTIONS, 5, FAIL_CHECK",
        "on-error sudden-death on-error fastinter, CONNECTIONS, 5, FAST_CHECK",
    })
    void whatIsSaidIsSaidInItsPlace(String options, Level level, int limit, ErrorReaction reaction) {
        assertThat(OwnOptions.observe(options, OF_POOL)).isEqualTo(new ObserveConfig(level, limit, reaction));
    }

    @Test
    void anEndpointMayBeObservedAloneOrNotAtAll() {
        assertThat(OwnOptions.observe("observe layer4", null)).isEqualTo(new ObserveConfig(Level.CONNECTIONS));
        assertThat(OwnOptions.observe("observe layer4 observe none", OF_POOL)).isNull();
    }

    @Test
    void workInProgressEndsIfEitherWantsIt() {
        assertThat(OwnOptions.marking("weight 3", Marking.NONE)).isEqualTo(Marking.NONE);
        assertThat(OwnOptions.marking("on-marked-down shutdown-sessions", Marking.NONE))
                .isEqualTo(new Marking(true, false));
        assertThat(OwnOptions.marking("on-marked-up shutdown-backup-sessions", new Marking(true, false)))
                .isEqualTo(new Marking(true, true));
    }
}
