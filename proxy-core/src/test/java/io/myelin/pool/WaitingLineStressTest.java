package io.myelin.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.Member;
import io.myelin.balance.Slots;
import io.myelin.control.ControlLoop;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.RandomSource;
import io.myelin.pool.Crowd.Guest;
import io.myelin.pool.Crowd.State;
import io.myelin.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real threads in place of event loops. A slot that was lost would leave somebody waiting for ever. */
@Timeout(60)
class WaitingLineStressTest {
    private static final Endpoint A = Endpoint.of("a", "10.0.0.1", 80);
    private static final Endpoint B = Endpoint.of("b", "10.0.0.2", 80);
    private static final Endpoint C = Endpoint.of("c", "10.0.0.3", 80);
    private static final int LOOPS = 4;
    private static final int CAP = 3;

    private final ControlLoop control = new ControlLoop();
    private final Pool pool = new Pool(PoolConfig.named("web"), control, Clock.SYSTEM, RandomSource.SYSTEM, LOOPS);
    private final Crowd crowd = new Crowd(pool);
    private final Map<Member, AtomicInteger> busy = new ConcurrentHashMap<>();
    private final AtomicInteger mostBusy = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger();
    private final List<ExecutorService> loops = new ArrayList<>();

    @AfterEach
    void stop() {
        control.close();
        loops.forEach(ExecutorService::shutdownNow);
    }

    /** With one slot and two who want it, a slot that nobody is told of leaves both waiting. */
    @Test
    void theOnlySlotIsNeverOverlooked() throws InterruptedException {
        limit(1);
        deliver(A);
        CountDownLatch done = start(2, 2, 400_000, 0);
        done.await();

        assertThat(served).hasValue(2 * 400_000);
        assertThat(mostBusy).hasValue(1);
        assertNothingLeft();
    }

    @Test
    void everybodyIsServedAndNoMemberHasTooMany() throws InterruptedException {
        limit(CAP);
        deliver(A, B);
        CountDownLatch done = start(LOOPS, 40, 500, 4);
        for (int i = 0; done.getCount() > 0; i++) {
            deliver(i % 2 == 0 ? new Endpoint[] {A, B, C} : new Endpoint[] {B, C});
            done.await(1, TimeUnit.MILLISECONDS);
        }

        assertThat(served).hasValue(40 * 500);
        assertThat(mostBusy).hasValue(CAP);
        assertNothingLeft();
    }

    private void limit(int maxConnections) {
        QueueConfig queue =
                QueueConfig.UNLIMITED.with().maxConnections(maxConnections).build();
        pool.reconfigure(PoolConfig.named("web").with().queue(queue).build());
    }

    /** Lets {@code guests} come {@code visits} times each; one in {@code patience} visits is broken off, if not 0. */
    private CountDownLatch start(int threads, int guests, int visits, int patience) {
        CountDownLatch done = new CountDownLatch(guests);
        for (int i = 0; i < threads; i++) {
            loops.add(Executors.newSingleThreadExecutor());
        }
        for (int i = 0; i < guests; i++) {
            Visitor visitor = new Visitor(loops.get(i % threads), new Random(i), visits, patience, done);
            visitor.loop.execute(visitor::arrive);
        }
        return done;
    }

    private void assertNothingLeft() {
        WaitingLine line = pool.snapshot().line();
        assertThat(line).isNotNull();
        // Whoever serves the line may have slots to give back after those are done whom it served.
        Await.until(
                "nobody waits, and every slot is free",
                () -> line.waiting() == 0
                        && !line.precedes()
                        && busy.keySet().stream().allMatch(WaitingLineStressTest::isFree));
        assertThat(line.queued()).isPositive();
    }

    private static boolean isFree(Member member) {
        Slots slots = member.slots();
        return slots != null && slots.taken() == 0;
    }

    private void deliver(Endpoint... endpoints) {
        pool.replace(new EndpointSet("web", List.of(endpoints), "a test"));
        Await.until("the members are there", () -> pool.snapshot().members().size() == endpoints.length);
    }

    /** One client that comes again and again, and sometimes does not wait for its turn. */
    private final class Visitor {
        private final ExecutorService loop;
        private final Random random;
        private final CountDownLatch done;
        private final int patience;
        private int visitsLeft;
        private Guest guest;

        Visitor(ExecutorService loop, Random random, int visits, int patience, CountDownLatch done) {
            this.loop = loop;
            this.random = random;
            this.visitsLeft = visits;
            this.patience = patience;
            this.done = done;
            this.guest = crowd.guest(loop);
        }

        void arrive() {
            guest = crowd.guest(loop, this::onServed);
            guest.arrive();
            if (guest.state == State.WAITING && patience > 0 && random.nextInt(patience) == 0) {
                Guest impatient = guest;
                loop.execute(() -> {
                    if (impatient.state == State.WAITING) {
                        impatient.leave();
                        arrive();
                    }
                });
            } else if (guest.state == State.WITHOUT_MEMBER) {
                loop.execute(this::arrive);
            }
        }

        private void onServed() {
            Slots slot = guest.slot;
            if (slot != null) {
                AtomicInteger here = busy.computeIfAbsent(slot.member(), any -> new AtomicInteger());
                mostBusy.accumulateAndGet(here.incrementAndGet(), Math::max);
                loop.execute(() -> finish(here));
            }
        }

        private void finish(AtomicInteger here) {
            here.decrementAndGet();
            served.incrementAndGet();
            guest.leave();
            if (--visitsLeft > 0) {
                loop.execute(this::arrive);
            } else {
                done.countDown();
            }
        }
    }
}
