package io.myelin.health.plugin;

import io.myelin.testing.FakeClock;
import io.myelin.testing.TurnedLoop;
import java.time.Duration;

/** The loop of plugins, turned by the test with its clock; single-threaded. */
final class FakePluginLoop implements PluginLoop {
    private final FakeClock clock;
    private final TurnedLoop turned;

    FakePluginLoop(FakeClock clock) {
        this.clock = clock;
        this.turned = new TurnedLoop(clock);
    }

    @Override
    public void execute(Runnable task) {
        turned.execute(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return turned.schedule(delay, task)::run;
    }

    /** Returns the monotonic time. */
    long nanos() {
        return clock.nanoTime();
    }

    /** Returns how many tasks wait for their time. */
    int timers() {
        return turned.timers();
    }

    /** Runs everything queued, and whatever that queues. */
    void run() {
        turned.run();
    }

    /** Lets time pass and runs what becomes due, at the moment at which it does. */
    void advance(Duration duration) {
        turned.advance(duration);
    }
}
