package io.myelin.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.launcher.process.Lifecycle.Request;
import io.myelin.model.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class LifecycleTest {
    private final Lifecycle lifecycle = new Lifecycle(Clock.SYSTEM);
    private final List<String> events = new ArrayList<>();

    @Test
    void reloadsUntilItIsAskedToStop() throws InterruptedException {
        lifecycle.request(Request.RELOAD);
        lifecycle.request(Request.REGISTRY);
        lifecycle.request(Request.RELOAD);
        lifecycle.request(Request.STOP);

        lifecycle.awaitStop(() -> events.add("reload"), () -> events.add("news"));

        assertThat(events).containsExactly("reload", "news", "reload");
    }

    @Test
    void whoWaitsLearnsOfAStopThatIsStillToBeCarriedOut() throws InterruptedException {
        lifecycle.request(Request.RELOAD);
        assertThat(lifecycle.stopAsked()).isFalse();

        lifecycle.request(Request.STOP);
        assertThat(lifecycle.stopAsked()).isTrue();

        lifecycle.awaitStop(() -> {}, () -> {});
        assertThat(lifecycle.stopAsked()).isFalse();
    }

    @Test
    void aReloadThatFailsHarmsOnlyItself() throws InterruptedException {
        lifecycle.request(Request.RELOAD);
        lifecycle.request(Request.RELOAD);
        lifecycle.request(Request.STOP);

        lifecycle.awaitStop(
                () -> {
                    events.add("reload");
                    throw new IllegalStateException("files: gone (expected: files)");
                },
                () -> {});

        assertThat(events).hasSize(2);
    }

    @Test
    void endsAsSoonAsNothingIsLeft() throws InterruptedException {
        lifecycle.drain(Duration.ofHours(1), limit -> {
            events.add("drain " + limit);
            return CompletableFuture.completedFuture(0);
        });

        assertThat(events).containsExactly("drain PT1H");
    }

    @Test
    void aSecondStopEndsTheDrain() throws InterruptedException {
        CompletableFuture<Integer> neverDone = new CompletableFuture<>();
        lifecycle.request(Request.STOP);

        lifecycle.drain(Duration.ofHours(1), limit -> neverDone);

        assertThat(neverDone).isNotDone();
    }

    @Test
    void aReloadWhileDrainingIsIgnored() throws InterruptedException {
        CompletableFuture<Integer> drained = new CompletableFuture<>();
        lifecycle.request(Request.RELOAD);
        lifecycle.request(Request.STOP);

        lifecycle.drain(Duration.ofHours(1), limit -> drained);

        assertThat(drained).isNotDone();
    }

    @Test
    void theLimitEndsADrainThatNeverAnswers() throws InterruptedException {
        CompletableFuture<Integer> neverDone = new CompletableFuture<>();

        lifecycle.drain(Duration.ZERO, limit -> neverDone);

        assertThat(neverDone).isNotDone();
    }

    @Test
    void aDrainThatFailsEndsToo() throws InterruptedException {
        CompletableFuture<Integer> failed = CompletableFuture.failedFuture(new IllegalStateException("closed"));

        lifecycle.drain(Duration.ofHours(1), limit -> failed);

        assertThat(failed).isCompletedExceptionally();
    }

    @Test
    void aWithdrawalIsWaitedForAndThenOthersAre() throws InterruptedException {
        CompletableFuture<Duration> withdrawn = new CompletableFuture<>();
        long startNanos = Clock.SYSTEM.nanoTime();
        new Thread(() -> withdrawn.complete(Duration.ofMillis(50))).start();

        lifecycle.withdraw(() -> withdrawn);

        assertThat(withdrawn).isDone();
        assertThat(Duration.ofNanos(Clock.SYSTEM.nanoTime() - startNanos))
                .isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }

    @Test
    void whereNothingIsAnnouncedNothingIsWaitedFor() throws InterruptedException {
        lifecycle.withdraw(() -> CompletableFuture.completedFuture(Duration.ZERO));

        assertThat(lifecycle.stopAsked()).isFalse();
    }

    @Test
    void aSecondStopEndsTheWithdrawalAndTheDrainAfterIt() throws InterruptedException {
        CompletableFuture<Integer> neverDrained = new CompletableFuture<>();
        lifecycle.request(Request.RELOAD);
        lifecycle.request(Request.STOP);

        lifecycle.withdraw(CompletableFuture::new);
        lifecycle.drain(Duration.ofHours(1), limit -> neverDrained);

        assertThat(neverDrained).isNotDone();
    }

    @Test
    void aSecondStopEndsTheWaitForOthers() throws InterruptedException {
        CompletableFuture<Duration> withdrawn = CompletableFuture.completedFuture(Duration.ofHours(1));
        lifecycle.withdraw(() -> {
            withdrawn.whenComplete((wait, failure) -> lifecycle.request(Request.STOP));
            return withdrawn.copy();
        });

        assertThat(lifecycle.stopAsked()).isTrue();
    }

    @Test
    void aWithdrawalThatFailsEndsToo() throws InterruptedException {
        lifecycle.withdraw(() -> CompletableFuture.failedFuture(new IllegalStateException("closed")));

        assertThat(lifecycle.stopAsked()).isFalse();
    }
}
