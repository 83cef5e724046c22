package io.myelin.health.replica;

import io.myelin.testing.FakeClock;
import io.myelin.testing.TurnedLoop;
import java.time.Duration;

/** A thread of replicas that the test turns by hand, with its clock; single-threaded. */
final class FakeLoop implements ReplicaLoop {
    private final TurnedLoop turned;

    FakeLoop(FakeClock clock) {
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

    /** Runs everything queued, and whatever that queues. */
    void run() {
        turned.run();
    }

    /** Lets time pass and runs what becomes due, at the moment at which it does. */
    void advance(Duration duration) {
        turned.advance(duration);
    }

    @Override
    public void close() {
        turned.clear();
    }
}
