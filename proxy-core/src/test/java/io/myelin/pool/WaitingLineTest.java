package io.myelin.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.Member;
import io.myelin.balance.Slots;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.HealthVerdict;
import io.myelin.pool.Crowd.Guest;
import io.myelin.pool.Crowd.State;
import io.myelin.testing.FakeClock;
import io.myelin.testing.QueuedExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingLineTest {
    private static final Endpoint A = Endpoint.of("a", "10.0.0.1", 80);
    private static final Endpoint B = Endpoint.of("b", "10.0.0.2", 80);
    private static final Endpoint C = Endpoint.of("c", "10.0.0.3", 80);

    private static final HealthVerdict FAILING = new HealthVerdict(HealthVerdict.State.FAILING, "refused", 5);
    private static final HealthVerdict PASSING = new HealthVerdict(HealthVerdict.State.PASSING, "connected", 6);

    private final QueuedExecutor control = new QueuedExecutor();
    private final QueuedExecutor loop = new QueuedExecutor();
    private final FakeClock clock = new FakeClock();
    private final Pool pool = new Pool(config(1), control, clock, bound -> 0, 2);
    private final Crowd crowd = new Crowd(pool);

    // Turns.

    @Test
    void membersAreFilledBeforeAnybodyWaits() {
        deliver(A, B);
        List<Guest> guests = arrivals(3);

        assertThat(states(guests)).containsExactly(State.SERVED, State.SERVED, State.WAITING);
        assertThat(slot(guests.get(0)).member()).isNotSameAs(slot(guests.get(1)).member());
        assertThat(line().waiting()).isEqualTo(1);
    }

    @Test
    void aSlotThatIsGivenBackGoesToTheOldestAndToNobodyElse() {
        deliver(A);
        List<Guest> guests = arrivals(3);
        leave(guests.get(0));
        Guest late = arrival(crowd.guest(loop));

        assertThat(states(guests)).containsExactly(State.GONE, State.WAITING, State.WAITING);
        loop.runAll();
        assertThat(states(guests)).containsExactly(State.GONE, State.SERVED, State.WAITING);
        assertThat(late.state).isEqualTo(State.WAITING);
        leave(guests.get(1));
        loop.runAll();
        assertThat(guests.get(2).state).isEqualTo(State.SERVED);
        leave(guests.get(2));
        loop.runAll();
        assertThat(late.state).isEqualTo(State.SERVED);
        leave(late);
        assertNothingLeft();
        assertThat(line().mostWaiting()).isEqualTo(2);
        assertThat(line().queued()).isEqualTo(3);
        assertThat(line().times().getTotalCount()).isEqualTo(3);
    }

    @Test
    void whoeverLeftAfterBeingServedPassesTheSlotOn() {
        deliver(A);
        List<Guest> guests = arrivals(3);
        leave(guests.get(0));
        leave(guests.get(1));
        loop.runAll();

        assertThat(guests.get(2).state).isEqualTo(State.SERVED);
        leave(guests.get(2));
        assertNothingLeft();
    }

    @Test
    void whoeverLeftTheLineIsPassedOver() {
        deliver(A);
        List<Guest> guests = arrivals(3);
        leave(guests.get(1));
        leave(guests.get(0));
        loop.runAll();

        assertThat(guests.get(2).state).isEqualTo(State.SERVED);
    }

    @Test
    void aSlotForALoopThatHasStoppedGoesToTheNext() {
        deliver(A);
        Guest first = arrival(crowd.guest(loop));
        Executor stopped = task -> {
            throw new RejectedExecutionException("stopped");
        };
        arrival(crowd.guest(stopped));
        Guest last = arrival(crowd.guest(loop));
        leave(first);
        loop.runAll();

        assertThat(last.state).isEqualTo(State.SERVED);
        leave(last);
        assertNothingLeft();
    }

    // Waiting for one member.

    @Test
    void whoeverBelongsToAMemberWaitsForThatOne() {
        deliver(A, B);
        Guest onA = arrival(crowd.guestOf(loop, member("a")));
        Guest afterA = arrival(crowd.guestOf(loop, member("a")));
        Guest anywhere = arrival(crowd.guest(loop));

        assertThat(afterA.state).isEqualTo(State.WAITING);
        assertThat(slot(anywhere).member()).isSameAs(member("b"));
        leave(anywhere);
        loop.runAll();
        assertThat(afterA.state).isEqualTo(State.WAITING);
        leave(onA);
        loop.runAll();
        assertThat(slot(afterA).member()).isSameAs(member("a"));
    }

    @Test
    void ofTheTwoLinesOfAMemberTheOldestIsServed() {
        deliver(A);
        Guest first = arrival(crowd.guest(loop));
        Guest own = arrival(crowd.guestOf(loop, member("a")));
        Guest any = arrival(crowd.guest(loop));
        leave(first);
        loop.runAll();

        assertThat(List.of(own.state, any.state)).containsExactly(State.SERVED, State.WAITING);
    }

    @Test
    void whoeverAvoidsAMemberIsNotServedByIt() {
        deliver(A, B);
        List<Guest> busy = arrivals(2);
        Guest picky = arrival(crowd.guestAvoiding(loop, slot(busy.get(0)).member()));
        Guest easy = arrival(crowd.guest(loop));
        leave(busy.get(0));
        loop.runAll();

        assertThat(List.of(picky.state, easy.state)).containsExactly(State.WAITING, State.SERVED);
        leave(busy.get(1));
        loop.runAll();
        assertThat(picky.state).isEqualTo(State.SERVED);
    }

    // Limits.

    @Test
    void noMoreThanThePoolsLimitMayWait() {
        reconfigure(new QueueConfig(1, Slots.UNLIMITED, 1, null));
        deliver(A);
        List<Guest> guests = arrivals(3);
        loop.runAll();

        assertThat(states(guests)).containsExactly(State.SERVED, State.WAITING, State.REFUSED);
        leave(guests.get(1));
        assertThat(arrival(crowd.guest(loop)).state).isEqualTo(State.WAITING);
    }

    @Test
    void noMoreThanTheMembersLimitMayWaitForItAlone() {
        reconfigure(new QueueConfig(1, 1, Slots.UNLIMITED, null));
        deliver(A);
        List<Guest> own = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            own.add(arrival(crowd.guestOf(loop, member("a"))));
        }
        Guest any = arrival(crowd.guest(loop));
        loop.runAll();

        assertThat(states(own)).containsExactly(State.SERVED, State.WAITING, State.REFUSED);
        assertThat(any.state).isEqualTo(State.WAITING);
        assertThat(slots("a").waiting()).isEqualTo(1);
        leave(own.get(1));
        assertThat(slots("a").waiting()).isZero();
        assertThat(slots("a").mostWaiting()).isEqualTo(1);
    }

    @Test
    void anEndpointsOwnOptionsCount() {
        deliver(A.withOptions("check maxconn 2 maxqueue 0"), B.withOptions("maxconn 0"), C.withOptions("maxconn x"));

        assertThat(slots("a").limit()).isEqualTo(2);
        assertThat(slots("a").waitingLimit()).isEqualTo(Slots.UNLIMITED);
        assertThat(slots("b").limit()).isEqualTo(Slots.UNLIMITED);
        assertThat(slots("c").limit()).isEqualTo(1);
    }

    @Test
    void aPoolWithoutLimitsHasNoLine() {
        reconfigure(QueueConfig.UNLIMITED);
        Pool plain = new Pool(PoolConfig.named("plain"), control, clock, bound -> 0, 2);
        plain.replace(new EndpointSet("plain", List.of(A), "test"));
        control.runAll();

        assertThat(pool.snapshot().line()).isNull();
        assertThat(plain.snapshot().line()).isNull();
        assertThat(plain.snapshot().members().get(0).slots()).isNull();
    }

    // Changes.

    @Test
    void aNewMemberTakesWaitersAtOnce() {
        deliver(A);
        List<Guest> guests = arrivals(3);
        deliver(A, B);
        loop.runAll();

        assertThat(states(guests)).containsExactly(State.SERVED, State.SERVED, State.WAITING);
        assertThat(slot(guests.get(1)).member()).isSameAs(member("b"));
    }

    @Test
    void aHigherLimitTakesWaitersAtOnce() {
        deliver(A);
        Guest own = arrival(crowd.guestOf(loop, member("a")));
        Guest ownWaiting = arrival(crowd.guestOf(loop, member("a")));
        List<Guest> guests = arrivals(2);
        reconfigure(config(3).queue());
        loop.runAll();

        assertThat(states(guests)).containsExactly(State.SERVED, State.WAITING);
        assertThat(List.of(own.state, ownWaiting.state)).containsExactly(State.SERVED, State.SERVED);
    }

    @Test
    void aLowerLimitHoldsOnceEnoughHaveFinished() {
        reconfigure(config(3).queue());
        deliver(A);
        List<Guest> guests = arrivals(4);
        reconfigure(config(1).queue());
        leave(guests.get(0));
        leave(guests.get(1));
        loop.runAll();

        assertThat(guests.get(3).state).isEqualTo(State.WAITING);
        leave(guests.get(2));
        loop.runAll();
        assertThat(guests.get(3).state).isEqualTo(State.SERVED);
    }

    @Test
    void withoutLimitsEverybodyIsServed() {
        deliver(A);
        List<Guest> guests = arrivals(3);
        reconfigure(QueueConfig.UNLIMITED);
        loop.runAll();

        assertThat(states(guests)).containsOnly(State.SERVED);
        WaitingLine old = line(guests.get(0));
        leave(guests.get(0));
        assertThat(slots("a").taken()).isZero();
        assertThat(old.waiting()).isZero();
    }

    @Test
    void aMemberThatLeavesSendsItsWaitersElsewhere() {
        deliver(A, B);
        Member leaving = member("a");
        arrival(crowd.guestOf(loop, leaving));
        Guest own = arrival(crowd.guestOf(loop, leaving));
        deliver(B);
        loop.runAll();

        assertThat(own.state).isEqualTo(State.WITHOUT_MEMBER);
        assertThat(line().waiting()).isZero();
    }

    @Test
    void aMemberThatFailsSendsItsWaitersElsewhereAndServesNobody() {
        deliver(A, B);
        List<Guest> busy = arrivals(2);
        Guest own = arrival(crowd.guestOf(loop, member("a")));
        Guest any = arrival(crowd.guest(loop));
        pool.onVerdict(A.id(), FAILING);
        control.runAll();
        busy.stream().filter(guest -> slot(guest).member() == member("a")).forEach(WaitingLineTest::leave);
        loop.runAll();

        assertThat(List.of(own.state, any.state)).containsExactly(State.WITHOUT_MEMBER, State.WAITING);
        pool.onVerdict(A.id(), PASSING);
        control.runAll();
        loop.runAll();
        assertThat(any.state).isEqualTo(State.SERVED);
    }

    @Test
    void withoutAnyMemberNobodyWaits() {
        reconfigure(new QueueConfig(1, Slots.UNLIMITED, Slots.UNLIMITED, null));
        deliver(A);
        List<Guest> guests = arrivals(3);
        pool.rest(A.id(), Member.AdminState.DRAIN);
        control.runAll();
        loop.runAll();

        assertThat(states(guests)).containsExactly(State.SERVED, State.WITHOUT_MEMBER, State.WITHOUT_MEMBER);
        leave(guests.get(0));
        assertNothingLeft();
    }

    // Everything at once.

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noSlotIsLostOrCountedTwice(long seed) {
        new Chaos(new Random(seed)).run(20_000);
    }

    /** Exchanges on three loops that take steps in random order while members and limits change. */
    private final class Chaos {
        private final Random random;
        private final List<Steps> loops = List.of(new Steps(), new Steps(), new Steps());
        private final List<Guest> guests = new ArrayList<>();
        private final Set<Member> known = new HashSet<>();

        Chaos(Random random) {
            this.random = random;
        }

        /** A loop that the test turns task by task. */
        private static final class Steps implements Executor {
            private final Deque<Runnable> tasks = new ArrayDeque<>();

            @Override
            public void execute(Runnable task) {
                tasks.add(task);
            }

            boolean step() {
                Runnable task = tasks.poll();
                if (task != null) {
                    task.run();
                }
                return task != null;
            }
        }

        void run(int steps) {
            deliver(A, B);
            for (int i = 0; i < steps; i++) {
                known.addAll(pool.snapshot().members());
                step();
                if (i % 100 == 0) {
                    settle();
                }
            }
            settle();
            pool.onVerdict(A.id(), PASSING);
            pool.onVerdict(B.id(), PASSING);
            deliver(A, B, C);
            reconfigure(config(2).queue());
            settle();
            while (!guests.isEmpty()) {
                leave(guests.remove(random.nextInt(guests.size())));
                settle();
            }
            assertThat(known).allSatisfy(member -> assertThat(taken(member)).isZero());
            assertNothingLeft();
            assertThat(line().precedes()).isFalse();
        }

        private void step() {
            int dice = random.nextInt(100);
            if (dice < 35) {
                guests.add(arrival(newGuest()));
            } else if (dice < 65 && !guests.isEmpty()) {
                leave(guests.remove(random.nextInt(guests.size())));
            } else if (dice < 97) {
                loops.get(random.nextInt(loops.size())).step();
            } else if (dice < 98) {
                deliver(List.of(A, B, C)
                        .subList(random.nextInt(2), 2 + random.nextInt(2))
                        .toArray(Endpoint[]::new));
            } else if (dice < 99) {
                pool.onVerdict(A.id(), random.nextBoolean() ? PASSING : FAILING);
                pool.onVerdict(B.id(), random.nextBoolean() ? PASSING : FAILING);
                control.runAll();
            } else {
                reconfigure(new QueueConfig(1 + random.nextInt(3), random.nextInt(4), 1 + random.nextInt(40), null));
            }
        }

        private Guest newGuest() {
            Executor on = loops.get(random.nextInt(loops.size()));
            List<Member> members = pool.snapshot().members();
            Member some = members.isEmpty() ? null : members.get(random.nextInt(members.size()));
            int kind = random.nextInt(10);
            if (some == null || kind < 6) {
                return crowd.guest(on);
            }
            return kind < 8 ? crowd.guestOf(on, some) : crowd.guestAvoiding(on, some);
        }

        /** Lets every loop catch up, and compares what is counted with what is. */
        private void settle() {
            for (boolean more = true; more; ) {
                more = false;
                for (Steps steps : loops) {
                    more |= steps.step();
                }
            }
            guests.removeIf(guest -> guest.state != State.SERVED && guest.state != State.WAITING);
            for (Member member : known) {
                assertThat(taken(member)).as("slots of %s", member).isEqualTo((int) guests.stream()
                        .filter(guest -> guest.slot != null && guest.slot.member() == member)
                        .count());
            }
            long waiting = guests.stream()
                    .filter(guest -> guest.state == State.WAITING)
                    .count();
            assertThat(line().waiting()).isEqualTo((int) waiting);
            assertNobodyWaitsInVain();
        }

        private void assertNobodyWaitsInVain() {
            for (Guest guest : guests) {
                Waiter waiter = guest.waiter();
                if (waiter != null) {
                    assertThat(pool.snapshot().eligible())
                            .as("members with room for one who waits")
                            .noneMatch(member ->
                                    (waiter.only() == null || waiter.only() == member) && !waiter.excludes(member));
                }
            }
        }

        private static int taken(Member member) {
            Slots slots = member.slots();
            return slots == null ? 0 : slots.taken();
        }
    }

    private static PoolConfig config(int maxConnections) {
        return PoolConfig.named("web")
                .with()
                .queue(QueueConfig.UNLIMITED
                        .with()
                        .maxConnections(maxConnections)
                        .build())
                .build();
    }

    private void reconfigure(QueueConfig queue) {
        pool.reconfigure(PoolConfig.named("web").with().queue(queue).build());
        control.runAll();
    }

    private void deliver(Endpoint... endpoints) {
        pool.replace(new EndpointSet("web", List.of(endpoints), "a test"));
        control.runAll();
    }

    private List<Guest> arrivals(int count) {
        List<Guest> guests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            guests.add(arrival(crowd.guest(loop)));
        }
        return guests;
    }

    private static Guest arrival(Guest guest) {
        guest.arrive();
        return guest;
    }

    private static void leave(Guest guest) {
        guest.leave();
    }

    private static List<State> states(List<Guest> guests) {
        return guests.stream().map(guest -> guest.state).toList();
    }

    private static Slots slot(Guest guest) {
        Slots slot = guest.slot;
        if (slot == null) {
            throw new AssertionError("the guest has no slot: " + guest.state);
        }
        return slot;
    }

    private Member member(String name) {
        return pool.snapshot().members().stream()
                .filter(member -> member.endpoint().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Slots slots(String name) {
        Slots slots = member(name).slots();
        if (slots == null) {
            throw new AssertionError("no limit: " + name);
        }
        return slots;
    }

    private WaitingLine line() {
        return present(pool.snapshot().line());
    }

    private static WaitingLine line(Guest guest) {
        return present(guest.line());
    }

    private static WaitingLine present(@Nullable WaitingLine line) {
        if (line == null) {
            throw new AssertionError("no line");
        }
        return line;
    }

    private void assertNothingLeft() {
        loop.runAll();
        assertThat(line().waiting()).isZero();
        assertThat(line().precedes()).isFalse();
        assertThat(pool.snapshot().members()).allSatisfy(member -> {
            Slots slots = member.slots();
            assertThat(slots == null ? 0 : slots.taken()).isZero();
            assertThat(slots == null ? 0 : slots.waiting()).isZero();
        });
    }
}
