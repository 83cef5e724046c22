package io.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ConnectionLimitTest {
    private final ConnectionLimit limit = new ConnectionLimit(2);
    private final List<String> told = new ArrayList<>();

    @Test
    void noMoreThanTheLimitEnter() {
        assertThat(limit.tryEnter()).isTrue();
        assertThat(limit.tryEnter()).isTrue();
        assertThat(limit.tryEnter()).isFalse();

        limit.leave();
        assertThat(limit.tryEnter()).isTrue();
        assertThat(limit.open()).isEqualTo(2);
    }

    @Test
    void whoeverLeavesTellsTheOneWhoHasWaitedLongest() {
        limit.tryEnter();
        limit.tryEnter();
        limit.await(place -> told.add("first"));
        limit.await(place -> told.add("second"));

        assertThat(told).isEmpty();
        limit.leave();
        assertThat(told).containsExactly("first");
        limit.leave();
        limit.leave();
        assertThat(told).containsExactly("first", "second");
    }

    @Test
    void whoeverBeginsToWaitWhenThereIsRoomIsToldAtOnce() {
        limit.await(place -> told.add("first"));

        assertThat(told).containsExactly("first");
    }

    @Test
    void whoeverCannotUseTheRoomPassesItOn() {
        limit.tryEnter();
        limit.tryEnter();
        limit.await(ConnectionLimit::passOn);
        limit.await(place -> told.add("second"));
        limit.leave();

        assertThat(told).containsExactly("second");
    }

    @Test
    void aHigherLimitTellsEverybodyOnce() {
        limit.tryEnter();
        limit.tryEnter();
        limit.await(place -> told.add("first"));
        limit.await(place -> told.add("second"));
        limit.limit(10);

        assertThat(told).containsExactly("first", "second");
        assertThat(limit.limit()).isEqualTo(10);
    }

    /** With one place and two who want it, a place that nobody is told of leaves both waiting. */
    @Test
    void theOnlyPlaceIsNeverOverlooked() throws InterruptedException {
        ConnectionLimit narrow = new ConnectionLimit(1);
        int visits = 100_000;
        AtomicInteger entered = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            new Thread(() -> {
                        for (int visit = 0; visit < visits; visit++) {
                            enter(narrow);
                            entered.incrementAndGet();
                            narrow.leave();
                        }
                        done.countDown();
                    })
                    .start();
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).as("both are done").isTrue();

        assertThat(entered).hasValue(2 * visits);
        assertThat(narrow.open()).isZero();
    }

    private static void enter(ConnectionLimit narrow) {
        while (!narrow.tryEnter()) {
            CountDownLatch room = new CountDownLatch(1);
            narrow.await(place -> room.countDown());
            try {
                assertThat(room.await(20, TimeUnit.SECONDS))
                        .as("told of the place")
                        .isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
