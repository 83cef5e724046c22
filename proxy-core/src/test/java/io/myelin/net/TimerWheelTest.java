package io.myelin.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.testing.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** The wheel against a clock and an alarm that move by hand. */
class TimerWheelTest {
    private static final Duration TICK = Duration.ofMillis(TimerWheel.TICK_MILLIS);

    private final FakeClock clock = new FakeClock();
    private final ManualAlarm alarm = new ManualAlarm(clock);
    private final TimerWheel wheel = new TimerWheel(alarm, clock);
    private final List<String> expired = new ArrayList<>();

    @Test
    void expiresOnceWithinATickOfItsMoment() {
        arm(named("a"), Duration.ofMillis(105));
        alarm.advance(Duration.ofMillis(104));
        assertThat(expired).isEmpty();
        alarm.advance(Duration.ofMillis(1).plus(TICK));
        assertThat(expired).containsExactly("a");
        alarm.advance(Duration.ofSeconds(60));
        assertThat(expired).containsExactly("a");
    }

    @Test
    void whatIsMovedLaterExpiresLater() {
        Deadline deadline = named("a");
        arm(deadline, Duration.ofMillis(100));
        alarm.advance(Duration.ofMillis(90));
        arm(deadline, Duration.ofMillis(100));
        alarm.advance(Duration.ofMillis(99));
        assertThat(expired).isEmpty();
        alarm.advance(Duration.ofMillis(1).plus(TICK));
        assertThat(expired).containsExactly("a");
    }

    @Test
    void whatIsMovedEarlierExpiresEarlier() {
        Deadline deadline = named("a");
        arm(deadline, Duration.ofSeconds(100));
        arm(deadline, Duration.ofMillis(40));
        alarm.advance(Duration.ofMillis(40).plus(TICK));
        assertThat(expired).containsExactly("a");
    }

    @Test
    void whatIsCalledOffOrForgottenNeverExpires() {
        Deadline calledOff = named("called off");
        Deadline forgotten = named("forgotten");
        arm(calledOff, Duration.ofMillis(50));
        arm(forgotten, Duration.ofMillis(50));
        calledOff.disarm();
        wheel.forget(forgotten);
        alarm.advance(Duration.ofSeconds(1));
        assertThat(expired).isEmpty();
        assertThat(alarm.pending()).isFalse();
    }

    @Test
    void aDeadlineBeyondTheRoundOfTheWheelIsKept() {
        arm(named("a"), Duration.ofMinutes(10));
        alarm.advance(Duration.ofMinutes(10).minusMillis(1));
        assertThat(expired).isEmpty();
        alarm.advance(Duration.ofMillis(1).plus(TICK));
        assertThat(expired).containsExactly("a");
    }

    /** A sweep that comes late looks at several slots, and puts what it finds too early into a later one. */
    @Test
    @Timeout(value = 10, threadMode = ThreadMode.SEPARATE_THREAD)
    void aSweepThatComesLateByAnyTimeEnds() {
        for (int late = 0; late <= 15; late++) {
            arm(named("after " + late), Duration.ofSeconds(60));
            Duration step = TICK.multipliedBy(late + 1L);
            for (Duration passed = Duration.ZERO; passed.toSeconds() < 59; passed = passed.plus(step)) {
                clock.advance(step.minus(TICK));
                alarm.advance(TICK);
            }
            assertThat(expired).hasSize(late);
            alarm.advance(Duration.ofSeconds(2));
            assertThat(expired).hasSize(late + 1);
        }
    }

    @Test
    void expiryMayArmAgain() {
        Deadline[] again = new Deadline[1];
        again[0] = new Deadline(() -> {
            expired.add("tick");
            if (expired.size() < 3) {
                arm(again[0], Duration.ofMillis(100));
            }
        });
        arm(again[0], Duration.ofMillis(100));
        alarm.advance(Duration.ofSeconds(1));
        assertThat(expired).containsExactly("tick", "tick", "tick");
    }

    @Test
    void sleepsWhileNothingIsDue() {
        for (int i = 0; i < 5_000; i++) {
            arm(named("idle"), Duration.ofSeconds(60));
        }
        alarm.advance(Duration.ofSeconds(59));
        assertThat(expired).isEmpty();
        assertThat(alarm.rings()).isLessThan(300);
    }

    @Test
    void aLoopThatHungExpiresEverythingThatIsDue() {
        for (int i = 1; i <= 100; i++) {
            arm(named("a"), Duration.ofSeconds(i));
        }
        clock.advance(Duration.ofSeconds(99));
        alarm.advance(TICK);
        assertThat(expired).hasSize(99);
    }

    @Test
    void agreesWithAPlainListWhateverHappens() {
        Random random = new Random(20_261_120);
        int count = 50;
        long[] dueNanos = new long[count];
        List<Integer> fired = new ArrayList<>();
        List<Deadline> deadlines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int id = i;
            deadlines.add(new Deadline(() -> fired.add(id)));
        }
        for (int step = 0; step < 20_000; step++) {
            int id = random.nextInt(count);
            if (random.nextInt(4) == 0) {
                wheel.forget(deadlines.get(id));
                dueNanos[id] = 0;
            } else {
                Duration delay = Duration.ofMillis(1 + random.nextInt(random.nextBoolean() ? 100 : 60_000));
                arm(deadlines.get(id), delay);
                dueNanos[id] = clock.nanoTime() + delay.toNanos();
            }
            alarm.advance(Duration.ofMillis(random.nextInt(200)));
            long now = clock.nanoTime();
            for (int one : fired) {
                assertThat(dueNanos[one])
                        .as("due of a fired one at step %d", step)
                        .isPositive()
                        .isLessThanOrEqualTo(now);
                dueNanos[one] = 0;
            }
            fired.clear();
            for (int i = 0; i < count; i++) {
                assertThat(dueNanos[i] == 0 || dueNanos[i] > now - TICK.toNanos())
                        .as("deadline %d at step %d", i, step)
                        .isTrue();
            }
        }
    }

    private Deadline named(String name) {
        return new Deadline(() -> expired.add(name));
    }

    private void arm(Deadline deadline, Duration delay) {
        wheel.arm(deadline, delay.toNanos());
    }

    /** At most one alarm is set at a time, which is what the wheel promises. */
    private static final class ManualAlarm implements TimerWheel.Alarm {
        private final FakeClock clock;
        private CompletableFuture<Void> current = CompletableFuture.completedFuture(null);
        private Runnable task = () -> {};
        private long dueNanos;
        private int rings;

        ManualAlarm(FakeClock clock) {
            this.clock = clock;
        }

        @Override
        public Future<?> set(long delayNanos, Runnable newTask) {
            assertThat(pending()).as("another alarm is set").isFalse();
            current = new CompletableFuture<>();
            task = newTask;
            dueNanos = clock.nanoTime() + Math.max(0, delayNanos);
            return current;
        }

        boolean pending() {
            return !current.isDone();
        }

        int rings() {
            return rings;
        }

        void advance(Duration duration) {
            long end = clock.nanoTime() + duration.toNanos();
            while (pending() && dueNanos <= end) {
                clock.advance(Duration.ofNanos(Math.max(0, dueNanos - clock.nanoTime())));
                rings++;
                current.complete(null);
                task.run();
            }
            clock.advance(Duration.ofNanos(Math.max(0, end - clock.nanoTime())));
        }
    }
}
