package io.myelin.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ControlLoopTest {
    private final ControlLoop control = new ControlLoop();

    @AfterEach
    void close() {
        control.close();
    }

    @Test
    void runsTasksInOrderOnOneThread() {
        List<Integer> order = new ArrayList<>();
        List<String> threads = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            control.execute(() -> {
                order.add(number);
                threads.add(Thread.currentThread().getName());
            });
        }
        settle();

        assertThat(order).hasSize(100).isSorted();
        assertThat(threads).containsOnly("control");
    }

    @Test
    void aTaskThatThrowsHarmsOnlyItself() {
        control.execute(() -> {
            throw new IllegalStateException("provoked by the test");
        });

        settle();
    }

    @Test
    void aRepeatedTaskGoesOnAfterAFailure() throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(3);
        Future<?> repetition = control.repeat(Duration.ofMillis(1), () -> {
            runs.countDown();
            throw new IllegalStateException("provoked by the test");
        });

        assertThat(runs.await(5, TimeUnit.SECONDS)).isTrue();
        repetition.cancel(false);
    }

    @Test
    void tasksGivenTooLateAreDropped() {
        List<String> ran = new ArrayList<>();
        control.close();

        control.execute(() -> ran.add("late"));
        Future<?> repetition = control.repeat(Duration.ofMillis(1), () -> ran.add("later"));

        assertThat(repetition.isCancelled()).isTrue();
        assertThat(ran).isEmpty();
    }

    /** Waits until everything queued so far has run. */
    private void settle() {
        CompletableFuture<Boolean> reached = new CompletableFuture<>();
        control.execute(() -> reached.complete(true));
        assertThat(reached.orTimeout(5, TimeUnit.SECONDS).join()).isTrue();
    }
}
