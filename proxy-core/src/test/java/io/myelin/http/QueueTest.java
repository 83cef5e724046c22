package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.BalanceConfig;
import io.myelin.balance.HashConfig;
import io.myelin.balance.HashConfig.KeySource;
import io.myelin.balance.HashConfig.Layout;
import io.myelin.balance.Member;
import io.myelin.balance.Slots;
import io.myelin.failure.Failure;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.QueueConfig;
import io.myelin.pool.UpstreamConfig;
import io.myelin.pool.WaitingLine;
import io.myelin.testing.Await;
import io.myelin.testing.FreePorts;
import io.myelin.testing.Gate;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.StallingClock;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members that may have no more than so many requests at once. */
@Timeout(60)
@Tag("sockets")
class QueueTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration LONG = Duration.ofSeconds(20);

    private final StallingClock clock = new StallingClock();
    private final TestProxy proxy = TestProxy.httpOn(clock);
    private final Gate gate = new Gate();
    private final LoopbackBackend backend = gated();
    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        gate.open();
        for (RawClient client : clients) {
            client.close();
        }
        proxy.close();
        backend.close();
    }

    /**
     * What HAProxy 2.6 did with maxconn 1, maxqueue 1 and a service of 0.7 s that a timeout queue of 1 s lets two have.
     */
    @Test
    void oneIsServedOneFollowsAndTheOthersGiveUp() throws IOException, InterruptedException {
        start(new QueueConfig(1, 1, Slots.UNLIMITED, LONG));
        RawClient first = ask("/1");
        backend.awaitRequest();
        RawClient second = ask("/2");
        awaitWaiting(1);
        RawClient third = ask("/3");
        RawClient fourth = ask("/4");
        awaitWaiting(3);
        gate.letOne();

        assertThat(first.readResponse().status()).isEqualTo(200);
        assertThat(backend.awaitRequest()).startsWith("GET /2 ");
        clock.skip(LONG);
        for (RawClient late : List.of(third, fourth)) {
            Response response = late.readResponse();
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("X-Myelin-Failure")).isEqualTo("queue_timeout");
        }
        gate.letOne();
        assertThat(second.readResponse().status()).isEqualTo(200);
        assertNothingLeft();
        assertThat(proxy.pool().total(Failure.QUEUE_TIMEOUT)).isEqualTo(2);
        assertThat(line().queued()).isEqualTo(3);
        assertThat(line().mostWaiting()).isEqualTo(3);
        assertThat(line().times().getMaxValue()).as("microseconds").isGreaterThan(900_000);
        gate.letOne();
        assertThat(third.send(request("/5")).readResponse().status())
                .as("the connection goes on")
                .isEqualTo(200);
    }

    @Test
    void requestsAreServedInTheOrderTheyCame() throws IOException, InterruptedException {
        start(waitingLong(1));
        List<RawClient> asking = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            asking.add(ask("/" + i));
            if (i == 0) {
                assertThat(backend.awaitRequest()).startsWith("GET /0 ");
            }
            awaitWaiting(i);
        }
        for (int i = 0; i < 8; i++) {
            gate.letOne();
            assertThat(asking.get(i).readResponse().status()).isEqualTo(200);
            if (i < 7) {
                assertThat(backend.awaitRequest()).startsWith("GET /" + (i + 1) + " ");
            }
        }

        assertNothingLeft();
    }

    @Test
    void aMemberWithRoomIsTakenBeforeAnybodyWaits() throws IOException, InterruptedException {
        try (LoopbackBackend other = gated()) {
            proxy.with(waitingLong(2)).start(backend.port(), other.port());
            List<RawClient> asking = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                asking.add(ask("/" + i));
            }
            awaitWaiting(1);

            assertThat(backend.received().size() + other.received().size()).isLessThanOrEqualTo(4);
            assertThat(proxy.pool().snapshot().members())
                    .allSatisfy(member -> assertThat(slots(member).taken()).isEqualTo(2));
            gate.open();
            for (RawClient client : asking) {
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
            assertNothingLeft();
        }
    }

    @Test
    void aBodyThatCameMeanwhileFollows() throws IOException, InterruptedException {
        start(waitingLong(1));
        RawClient first = ask("/1");
        backend.awaitRequest();
        String body = "x".repeat(100_000);
        RawClient second = client();
        second.send("POST /2 HTTP/1.1\r\nHost: web\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        awaitWaiting(1);
        gate.letOne();

        assertThat(first.readResponse().status()).isEqualTo(200);
        assertThat(backend.awaitRequest()).startsWith("POST /2 ");
        gate.letOne();
        assertThat(second.readResponse().status()).isEqualTo(200);
        assertNothingLeft();
    }

    @Test
    void aClientThatLeavesGivesUpItsPlace() throws IOException, InterruptedException {
        start(waitingLong(1));
        ask("/1");
        backend.awaitRequest();
        RawClient impatient = ask("/2");
        awaitWaiting(1);
        RawClient patient = ask("/3");
        awaitWaiting(2);
        impatient.socket().setSoLinger(true, 0);
        impatient.hangUp();
        awaitWaiting(1);
        gate.letOne();

        assertThat(backend.awaitRequest()).startsWith("GET /3 ");
        gate.letOne();
        assertThat(patient.readResponse().status()).isEqualTo(200);
        assertNothingLeft();
        assertThat(proxy.pool().total(Failure.CLIENT_GONE)).isEqualTo(1);
    }

    @Test
    void aClientThatLeavesGivesItsSlotToTheNext() throws IOException, InterruptedException {
        start(waitingLong(1));
        RawClient served = ask("/1");
        backend.awaitRequest();
        RawClient next = ask("/2");
        awaitWaiting(1);
        served.socket().setSoLinger(true, 0);
        served.hangUp();

        assertThat(backend.awaitRequest()).startsWith("GET /2 ");
        gate.open();
        assertThat(next.readResponse().status()).isEqualTo(200);
        assertNothingLeft();
    }

    @Test
    void noMoreThanTheLimitMayWait() throws IOException, InterruptedException {
        start(new QueueConfig(1, Slots.UNLIMITED, 1, LONG));
        RawClient first = ask("/1");
        backend.awaitRequest();
        RawClient second = ask("/2");
        awaitWaiting(1);
        Response refused = ask("/3").readResponse();

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("X-Myelin-Failure")).isEqualTo("queue_full");
        gate.open();
        assertThat(first.readResponse().status()).isEqualTo(200);
        assertThat(second.readResponse().status()).isEqualTo(200);
        assertNothingLeft();
        assertThat(proxy.pool().total(Failure.QUEUE_FULL)).isEqualTo(1);
    }

    @Test
    void aRequestThatBelongsToAMemberWaitsForThatOneWithinItsLimit() throws IOException, InterruptedException {
        proxy.with(BalanceConfig.byHash(new HashConfig(KeySource.PATH, "", Layout.MAP_BASED, 0)));
        try (LoopbackBackend other = gated()) {
            proxy.with(new QueueConfig(1, 1, Slots.UNLIMITED, LONG)).start(backend.port(), other.port());
            RawClient first = ask("/same");
            Await.until(
                    "one member has it",
                    () -> backend.received().size() + other.received().size() == 1);
            RawClient second = ask("/same");
            awaitWaiting(1);
            Response refused = ask("/same").readResponse();

            assertThat(refused.header("X-Myelin-Failure")).isEqualTo("queue_full");
            gate.open();
            assertThat(first.readResponse().status()).isEqualTo(200);
            assertThat(second.readResponse().status()).isEqualTo(200);
            assertThat(backend.received().size() * other.received().size()).isZero();
            assertNothingLeft();
        }
    }

    @Test
    void aRefusingMemberKeepsNoSlotAndNobodyIsLost() throws IOException, InterruptedException {
        proxy.with(waitingLong(1)).start(FreePorts.one(), backend.port());
        List<RawClient> asking = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            asking.add(ask("/" + i));
        }
        awaitWaiting(5);
        gate.open();
        for (RawClient client : asking) {
            assertThat(client.readResponse().status()).isEqualTo(200);
        }

        assertNothingLeft();
        assertThat(proxy.pool().total(PoolCounter.REDISPATCHES)).isPositive();
    }

    @Test
    void aNewMemberTakesThoseWhoWaitAndARemovedOneLetsThemGo() throws IOException, InterruptedException {
        start(waitingLong(1));
        ask("/1");
        backend.awaitRequest();
        RawClient second = ask("/2");
        RawClient third = ask("/3");
        awaitWaiting(2);
        try (LoopbackBackend other = LoopbackBackend.answering("other")) {
            proxy.offer(other.port());

            assertThat(second.readResponse().body()).isEqualTo("other");
            assertThat(third.readResponse().body()).isEqualTo("other");
            gate.open();
            proxy.awaitQuiet();
        }
    }

    @Test
    void withoutMembersNobodyWaits() throws IOException, InterruptedException {
        start(waitingLong(1));
        RawClient first = ask("/1");
        backend.awaitRequest();
        RawClient second = ask("/2");
        awaitWaiting(1);
        Member only = proxy.pool().snapshot().members().get(0);
        proxy.pool().rest(only.id(), Member.AdminState.DRAIN);

        assertThat(second.readResponse().header("X-Myelin-Failure")).isEqualTo("no_member");
        gate.letOne();
        assertThat(first.readResponse().status()).isEqualTo(200);
        assertNothingLeft();
    }

    @Test
    void aDrainServesThoseWhoWait() throws IOException, InterruptedException {
        start(waitingLong(1));
        RawClient first = ask("/1");
        backend.awaitRequest();
        RawClient second = ask("/2");
        awaitWaiting(1);
        CompletableFuture<Integer> drained = proxy.server().drain(LONG).toCompletableFuture();
        gate.letOne();

        assertThat(first.readResponse().status()).isEqualTo(200);
        gate.letOne();
        assertThat(second.readResponse().status()).isEqualTo(200);
        assertThat(drained.join()).isZero();
        assertNothingLeft();
    }

    @Test
    void aStoppedProxyLetsGoOfThoseWhoWait() throws IOException, InterruptedException {
        start(waitingLong(1));
        ask("/1");
        backend.awaitRequest();
        RawClient second = ask("/2");
        awaitWaiting(1);
        proxy.server().drain(Duration.ofMillis(1));

        assertThat(second.ended()).isTrue();
        assertNothingLeft();
        assertThat(proxy.pool().total(Failure.PROXY_STOPPED)).isEqualTo(2);
    }

    /** Many clients on both loops, of which some leave at any moment, and members that sometimes break off. */
    @Test
    void nothingIsLeftAfterATumult() throws IOException, InterruptedException {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger mostAtOnce = new AtomicInteger();
        LoopbackBackend.Script script = conversation -> {
            for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
                // A client that leaves makes room in the proxy at once, while its member is still at its request.
                int share = head.startsWith("GET /leave ") ? 0 : 1;
                mostAtOnce.accumulateAndGet(atOnce.addAndGet(share), Math::max);
                boolean breakOff = head.startsWith("GET /break ");
                LockSupport.parkNanos(1_000);
                atOnce.addAndGet(-share);
                if (breakOff) {
                    conversation.reset();
                    return;
                }
                conversation.write(OK);
            }
        };
        try (LoopbackBackend one = LoopbackBackend.running(script);
                LoopbackBackend two = LoopbackBackend.running(script)) {
            proxy.with(UpstreamConfig.DEFAULT.with().retries(0).build())
                    .with(waitingLong(2))
                    .start(one.port(), two.port());
            int threads = 16;
            CountDownLatch done = new CountDownLatch(threads);
            AtomicInteger answered = new AtomicInteger();
            for (int i = 0; i < threads; i++) {
                Random random = new Random(i);
                new Thread(() -> {
                            visit(random, answered);
                            done.countDown();
                        })
                        .start();
            }
            done.await();

            assertThat(answered).hasValueGreaterThan(500);
            assertThat(line().queued()).isPositive();
            assertNothingLeft();
        }
        assertThat(mostAtOnce).hasValueBetween(1, 4);
    }

    private void visit(Random random, AtomicInteger answered) {
        for (int visit = 0; visit < 40; visit++) {
            try (RawClient client = RawClient.to(proxy.port())) {
                int dice = random.nextInt(10);
                String path = switch (dice) {
                    case 0 -> "/break";
                    case 1 -> "/leave";
                    default -> "/fine";
                };
                client.send(request(path));
                if (dice == 1) {
                    client.socket().setSoLinger(true, 0);
                    continue;
                }
                int status = client.readResponse().status();
                if (dice == 0) {
                    assertThat(status).isEqualTo(502);
                } else {
                    assertThat(status).isEqualTo(200);
                    answered.incrementAndGet();
                }
            } catch (IOException e) {
                throw new AssertionError("a visit failed", e);
            }
        }
    }

    private LoopbackBackend gated() {
        return LoopbackBackend.running(conversation -> {
            while (!conversation.readRequest().isEmpty()) {
                gate.pass();
                conversation.write(OK);
            }
        });
    }

    private void start(QueueConfig queue) {
        proxy.with(queue).start(backend.port());
    }

    private static QueueConfig waitingLong(int maxConnections) {
        return new QueueConfig(maxConnections, Slots.UNLIMITED, Slots.UNLIMITED, LONG);
    }

    private RawClient client() throws IOException {
        RawClient client = RawClient.to(proxy.port());
        clients.add(client);
        return client;
    }

    private RawClient ask(String path) throws IOException {
        return client().send(request(path));
    }

    private static String request(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: web\r\n\r\n";
    }

    private WaitingLine line() {
        WaitingLine line = proxy.pool().snapshot().line();
        if (line == null) {
            throw new AssertionError("the pool has no line");
        }
        return line;
    }

    /** Those who wait are counted before they stand in the line, which is what decides who is next. */
    private void awaitWaiting(int count) {
        Await.until(count + " wait", () -> line().waiting() == count && line().mostWaiting() >= count);
    }

    private static Slots slots(Member member) {
        Slots slots = member.slots();
        if (slots == null) {
            throw new AssertionError("the member has no limit");
        }
        return slots;
    }

    private void assertNothingLeft() {
        proxy.awaitQuiet();
        Await.until(
                "every slot is free",
                () -> proxy.pool().snapshot().members().stream()
                        .allMatch(member -> slots(member).taken() == 0));
        assertThat(line().waiting()).isZero();
        assertThat(line().precedes()).isFalse();
    }
}
