package io.myelin.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SerialTest {
    private static final int THREADS = 4;
    private static final int TASKS_PER_THREAD = 20_000;

    private final Serial serial = new Serial();

    @Test
    void aTaskGivenByATaskRunsAfterIt() {
        List<String> order = new ArrayList<>();
        serial.execute(() -> {
            serial.execute(() -> order.add("second"));
            order.add("first");
        });

        assertThat(order).containsExactly("first", "second");
    }

    @Test
    void aTaskThatThrowsHarmsOnlyItself() {
        List<String> order = new ArrayList<>();
        serial.execute(() -> {
            serial.execute(() -> order.add("later"));
            throw new IllegalStateException("on purpose");
        });

        assertThat(order).containsExactly("later");
    }

    @Test
    void noTaskIsLostAndNoTwoRunAtOnce() throws InterruptedException {
        // Neither volatile nor atomic: two tasks at once, or one that does not see the one before, would lose counts.
        int[] count = new int[1];
        CountDownLatch done = new CountDownLatch(THREADS * TASKS_PER_THREAD);
        for (int thread = 0; thread < THREADS; thread++) {
            new Thread(() -> {
                        for (int i = 0; i < TASKS_PER_THREAD; i++) {
                            serial.execute(() -> {
                                count[0]++;
                                done.countDown();
                            });
                        }
                    })
                    .start();
        }
        done.await();

        serial.execute(() -> assertThat(count[0]).isEqualTo(THREADS * TASKS_PER_THREAD));
        assertThat(count[0]).isEqualTo(THREADS * TASKS_PER_THREAD);
    }
}
