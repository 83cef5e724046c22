package io.myelin.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.Member;
import io.myelin.balance.Slots;
import io.myelin.failure.Failure;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.net.Loop;
import io.myelin.net.Loops;
import io.myelin.net.SocketTypes;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.QueueConfig;
import io.myelin.pool.UpstreamConfig;
import io.myelin.testing.Await;
import io.myelin.testing.QueuedExecutor;
import io.myelin.upstream.Dispatch.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where an exchange goes, and whom it waits for, in a pool of two members that may have one at a time. */
@Timeout(30)
class DispatchTest {
    private static final Endpoint A = Endpoint.of("a", "10.0.0.1", 80);
    private static final Endpoint B = Endpoint.of("b", "10.0.0.2", 80);

    private final QueuedExecutor control = new QueuedExecutor();
    private final Loops loops = new Loops(1, SocketTypes.NIO, Clock.SYSTEM);
    private final Loop loop = loops.all().get(0);
    private final Pool pool = pool(UpstreamConfig.DEFAULT);

    @AfterEach
    void stop() {
        loops.stop();
    }

    /** One exchange, and what it heard. */
    private final class Party implements Dispatch.Waiting {
        private final Dispatch dispatch;
        private final CompletableFuture<Object> news = new CompletableFuture<>();

        Party(Pool pool) {
            dispatch = new Dispatch(pool);
        }

        @Override
        public void onTurn(Member member) {
            news.complete(member);
        }

        @Override
        public void onNoTurn(Failure failure) {
            news.complete(failure);
        }

        /** Returns the member it got at once, {@code null} if it waits. */
        @Nullable
        Member goTo(@Nullable Member wanted) {
            return onLoop(() -> {
                if (wanted != null) {
                    dispatch.goTo(wanted);
                }
                return pickOrWait();
            });
        }

        private @Nullable Member pickOrWait() {
            Member picked = dispatch.pick();
            if (picked == null) {
                assertThat(dispatch.lineUp(loop, this)).isTrue();
            }
            return picked;
        }

        void leave() {
            onLoop(() -> {
                dispatch.release();
                return null;
            });
        }
    }

    @Test
    void whoeverIsSentToAMemberWaitsForThatOneThoughAnotherIsFree() {
        Party first = new Party(pool);
        Party second = new Party(pool);

        assertThat(first.goTo(member("a"))).isSameAs(member("a"));
        assertThat(second.goTo(member("a"))).isNull();
        assertThat(slots("a").waiting()).isEqualTo(1);
        assertThat(slots("b").taken()).isZero();
        first.leave();
        assertThat(second.news.orTimeout(10, TimeUnit.SECONDS).join()).isSameAs(member("a"));
        second.leave();
        assertNothingLeft();
    }

    @Test
    void whoeverIsSentToAMemberThatTooManyWaitForGoesElsewhere() {
        Party first = new Party(pool);
        Party second = new Party(pool);
        Party third = new Party(pool);
        first.goTo(member("a"));
        second.goTo(member("a"));

        assertThat(third.goTo(member("a"))).isNull();
        assertThat(third.news.orTimeout(10, TimeUnit.SECONDS).join()).isSameAs(member("b"));
        List.of(third, second, first).forEach(Party::leave);
        assertNothingLeft();
    }

    @Test
    void withoutRedispatchItGoesNowhereElse() {
        Pool strict = pool(UpstreamConfig.DEFAULT.with().redispatch(false).build());
        Member only = strict.snapshot().members().get(0);
        Party first = new Party(strict);
        Party second = new Party(strict);
        Party third = new Party(strict);
        first.goTo(only);
        second.goTo(only);
        third.goTo(only);

        assertThat(third.news.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(Failure.QUEUE_FULL);
    }

    @Test
    void aMemberThatFailedIsNotWaitedFor() {
        Party other = new Party(pool);
        other.goTo(member("b"));
        Party party = new Party(pool);
        party.goTo(member("a"));
        Member waitedFor = onLoop(() -> {
            party.dispatch.release();
            assertThat(party.dispatch.onConnectFailed(member("a"))).isEqualTo(Verdict.NOW);
            return party.pickOrWait();
        });

        assertThat(waitedFor).isNull();
        assertThat(slots("a").taken()).isZero();
        other.leave();
        assertThat(party.news.orTimeout(10, TimeUnit.SECONDS).join()).isSameAs(member("b"));
        party.leave();
        assertNothingLeft();
    }

    @Test
    void whenAllMembersFailedTheNextAttemptIsLater() {
        Party party = new Party(pool);
        Member first = party.goTo(null);
        assertThat(first).isNotNull();
        Verdict verdict = onLoop(() -> {
            party.dispatch.release();
            party.dispatch.onConnectFailed(first);
            Member second = party.dispatch.pick();
            party.dispatch.release();
            return second == null || second == first ? null : party.dispatch.onConnectFailed(second);
        });

        assertThat(verdict).isEqualTo(Verdict.LATER);
        assertNothingLeft();
    }

    @Test
    void whoeverWaitsTooLongIsTold() {
        QueueConfig impatient = QueueConfig.UNLIMITED
                .with()
                .maxConnections(1)
                .timeout(Duration.ofMillis(50))
                .build();
        pool.reconfigure(PoolConfig.named("web").with().queue(impatient).build());
        control.runAll();
        Party first = new Party(pool);
        Party second = new Party(pool);
        first.goTo(member("a"));
        second.goTo(member("a"));

        assertThat(second.news.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(Failure.QUEUE_TIMEOUT);
        first.leave();
        assertNothingLeft();
    }

    @Test
    void theConnectTimeoutIsHowLongOneWaitsUnlessSaidOtherwise() {
        pool.reconfigure(PoolConfig.named("web")
                .with()
                .queue(QueueConfig.UNLIMITED.with().maxConnections(1).build())
                .upstream(UpstreamConfig.DEFAULT
                        .with()
                        .connectTimeout(Duration.ofMillis(40))
                        .build())
                .build());
        control.runAll();
        Party first = new Party(pool);
        Party second = new Party(pool);
        first.goTo(member("a"));
        second.goTo(member("a"));

        assertThat(second.news.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(Failure.QUEUE_TIMEOUT);
    }

    private Pool pool(UpstreamConfig upstream) {
        QueueConfig queue = QueueConfig.UNLIMITED
                .with()
                .maxConnections(1)
                .maxWaiting(1)
                .timeout(Duration.ZERO)
                .build();
        PoolConfig config =
                PoolConfig.named("web").with().queue(queue).upstream(upstream).build();
        Pool created = new Pool(config, control, Clock.SYSTEM, bound -> 0, 1);
        created.replace(new EndpointSet("web", List.of(A, B), "test"));
        control.runAll();
        return created;
    }

    private <T> @Nullable T onLoop(Supplier<@Nullable T> task) {
        return CompletableFuture.supplyAsync(task, loop.executor()).join();
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

    private void assertNothingLeft() {
        Await.until(
                "every slot is free",
                () -> slots("a").taken() == 0 && slots("b").taken() == 0);
        assertThat(slots("a").waiting()).isZero();
    }
}
