package io.myelin.discovery.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.discovery.announce.AnnounceMachine.Wish;
import io.myelin.testing.FakeClock;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class AnnounceMachineTest {
    private final FakeClock clock = new FakeClock();

    @Test
    void wishesForNothingBeforeTheFirstVerdict() {
        assertThat(unlimited().wish()).isEqualTo(Wish.NONE);
    }

    @Test
    void followsTheVerdictsAndSaysEachChangeOnce() {
        AnnounceMachine machine = unlimited();

        assertThat(machine.onVerdict(true)).isEqualTo(Wish.ANNOUNCED);
        assertThat(machine.onVerdict(true)).isNull();
        assertThat(machine.onVerdict(false)).isEqualTo(Wish.WITHDRAWN);
        assertThat(machine.onVerdict(false)).isNull();
        assertThat(machine.transitions()).isEqualTo(2);
    }

    @Test
    void anInstanceThatFailsFromTheStartIsWithdrawn() {
        assertThat(unlimited().onVerdict(false)).isEqualTo(Wish.WITHDRAWN);
    }

    @Test
    void nothingIsAnnouncedOnceItWasStopped() {
        AnnounceMachine machine = unlimited();
        machine.onVerdict(true);

        assertThat(machine.stop()).isEqualTo(Wish.WITHDRAWN);
        assertThat(machine.onVerdict(true)).isNull();
        machine.restart();
        assertThat(machine.wish()).isEqualTo(Wish.WITHDRAWN);
    }

    @Test
    void aRestartLetsTheNextVerdictDecide() {
        AnnounceMachine machine = unlimited();
        machine.onVerdict(true);
        machine.restart();

        assertThat(machine.onVerdict(true)).isEqualTo(Wish.ANNOUNCED);
    }

    @Test
    void aChangeBeyondTheLimitIsHeldBackUntilThereIsRoom() {
        AnnounceMachine machine = new AnnounceMachine(new RateLimit(0.1, 2, false), clock);
        assertThat(machine.onVerdict(true)).isEqualTo(Wish.ANNOUNCED);

        assertThat(machine.onVerdict(false)).isNull();
        assertThat(machine.wish()).isEqualTo(Wish.ANNOUNCED);
        clock.advance(Duration.ofMillis(9_900));
        assertThat(machine.onVerdict(false)).isNull();
        clock.advance(Duration.ofMillis(200));
        assertThat(machine.onVerdict(false)).isEqualTo(Wish.WITHDRAWN);
        assertThat(machine.throttled()).isEqualTo(2);
    }

    @Test
    void aQuietTimeAllowsABurst() {
        AnnounceMachine machine = new AnnounceMachine(new RateLimit(1, 3, false), clock);
        clock.advance(Duration.ofMinutes(1));

        assertThat(machine.onVerdict(true)).isNotNull();
        assertThat(machine.onVerdict(false)).isNotNull();
        assertThat(machine.onVerdict(true)).isNotNull();
        assertThat(machine.onVerdict(false)).isNull();
    }

    @Test
    void inTheShadowChangesAreOnlyCounted() {
        AnnounceMachine machine = new AnnounceMachine(new RateLimit(0.1, 1, true), clock);

        assertThat(machine.onVerdict(true)).isNotNull();
        assertThat(machine.onVerdict(false)).isEqualTo(Wish.WITHDRAWN);
        assertThat(machine.throttled()).isEqualTo(1);
    }

    @Test
    void anotherLimitTakesEffectAtOnce() {
        AnnounceMachine machine = new AnnounceMachine(new RateLimit(0.1, 1, false), clock);
        machine.onVerdict(true);
        assertThat(machine.onVerdict(false)).isNull();

        machine.reconfigure(RateLimit.NONE);

        assertThat(machine.onVerdict(false)).isEqualTo(Wish.WITHDRAWN);
    }

    @Test
    void aLimitAllowsSomething() {
        assertThatThrownBy(() -> new RateLimit(0, 1, true)).hasMessage("average_rate: 0.0 (expected: > 0)");
        assertThatThrownBy(() -> new RateLimit(1, 0.5, true)).hasMessage("max_burst: 0.5 (expected: >= 1)");
    }

    private AnnounceMachine unlimited() {
        return new AnnounceMachine(RateLimit.NONE, clock);
    }
}
