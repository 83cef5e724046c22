package io.myelin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.BalanceConfig;
import io.myelin.balance.BalanceConfig.Policy;
import io.myelin.failure.Failure;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.RetryRules;
import io.myelin.pool.UpstreamConfig;
import io.myelin.testing.FreePorts;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.StallingClock;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@Tag("sockets")
class HttpRetriesTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 4\r\n\r\nbody";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    private static final int ROUNDS = 1_000;

    private final StallingClock clock = new StallingClock();
    private final TestProxy proxy = TestProxy.http(clock).with(new BalanceConfig(Policy.FIRST, 2));

    @AfterEach
    void stop() {
        clock.resume();
        proxy.close();
    }

    private static UpstreamConfig.Builder settings() {
        return UpstreamConfig.DEFAULT.with().retries(2);
    }

    private static RetryRules rules(Set<Failure> failures, Set<Integer> statuses) {
        return new RetryRules(failures, statuses, 16 * 1024);
    }

    /** A member that closes after each answer without saying so, at the moment in which the next request is sent. */
    @Test
    void noRequestIsLostToAMemberThatClosesAsItIsWritten() throws IOException {
        AtomicInteger answers = new AtomicInteger();
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    conversation.write(OK);
                    if (answers.incrementAndGet() % 3 == 0) {
                        conversation.reset();
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            for (int i = 0; i < ROUNDS; i++) {
                assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            }
        }
        proxy.awaitQuiet();
        assertThat(proxy.pool().total(Failure.UPSTREAM_CLOSED)).isZero();
    }

    @Test
    void noRequestWithEffectsIsSentTwice() throws IOException {
        AtomicInteger effects = new AtomicInteger();
        int accepted = 0;
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
            if (!conversation.readRequest().isEmpty()) {
                effects.incrementAndGet();
                conversation.write(OK);
            }
            if (effects.get() % 2 == 0) {
                conversation.reset();
            }
        })) {
            proxy.start(backend.port());
            for (int i = 0; i < 200; i++) {
                try (RawClient client = RawClient.to(proxy.port())) {
                    accepted += client.send(POST).readResponse().status() == 200 ? 1 : 0;
                }
            }
        }
        assertThat(effects.get()).isEqualTo(accepted);
    }

    @ParameterizedTest
    @CsvSource({"GET, false, 200", "GET, true, 200", "POST, true, 200", "POST, false, 502"})
    void aKeptConnectionThatBreaksAsItIsWritten(String method, boolean reset, int status)
            throws IOException, InterruptedException {
        String body = "x".repeat(6_000);
        List<String> bodies = new CopyOnWriteArrayList<>();
        try (Kept kept = new Kept(conversation -> {
                    if (reset) {
                        conversation.reset();
                    }
                });
                LoopbackBackend backend = LoopbackBackend.running(kept.then(conversation -> {
                    conversation.readHead();
                    bodies.add(new String(conversation.read(6_000), ISO_8859_1));
                    conversation.write(OK);
                }));
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET).readResponse();

            clock.stall();
            client.send(method + " / HTTP/1.1\r\nHost: web\r\nContent-Length: 6000\r\n\r\n" + body);
            kept.end();
            clock.resume();

            assertThat(client.readResponse().status()).isEqualTo(status);
            assertThat(bodies).hasSize(status == 200 ? 1 : 0).allMatch(body::equals);
            assertThat(proxy.pool().total(PoolCounter.RETRIES)).isEqualTo(status == 200 ? 1 : 0);
        }
        proxy.awaitQuiet();
    }

    @Test
    void theTimeoutMessageOfAnIdleConnectionIsNotAnAnswer() throws IOException, InterruptedException {
        try (Kept kept = new Kept(conversation -> conversation.write(
                        "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
                LoopbackBackend backend = LoopbackBackend.running(kept.then(conversation -> {
                    conversation.readRequest();
                    conversation.write(OK);
                }));
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET).readResponse();

            clock.stall();
            client.send(GET);
            kept.end();
            clock.resume();

            assertThat(client.readResponse().status()).isEqualTo(200);
        }
        assertThat(proxy.pool().total(PoolCounter.RESPONSES_4XX)).isZero();
    }

    /** The first connection to a member, which answers one request and ends when the test says so. */
    private static final class Kept implements AutoCloseable {
        private final LoopbackBackend.Script ending;
        private final AtomicInteger connections = new AtomicInteger();
        private final CountDownLatch wanted = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);

        Kept(LoopbackBackend.Script ending) {
            this.ending = ending;
        }

        LoopbackBackend.Script then(LoopbackBackend.Script others) {
            return conversation -> {
                if (connections.incrementAndGet() > 1) {
                    others.run(conversation);
                    return;
                }
                conversation.readRequest();
                conversation.write(OK);
                await(wanted);
                ending.run(conversation);
                conversation.socket().close();
                ended.countDown();
            };
        }

        void end() throws InterruptedException {
            wanted.countDown();
            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void close() {
            wanted.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"length", "chunked", "halves"})
    void aBodyThatWasKeptIsSentAgain(String how) throws IOException, InterruptedException {
        String body = "0123456789abcdef".repeat(750);
        List<String> bodies = new CopyOnWriteArrayList<>();
        CountDownLatch dead = new CountDownLatch(1);
        try (LoopbackBackend dying = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.read(how.equals("halves") ? 6_000 : 12_000);
                    conversation.reset();
                    dead.countDown();
                });
                LoopbackBackend living = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    bodies.add(new String(conversation.read(how.equals("chunked") ? 12_013 : 12_000), ISO_8859_1));
                    conversation.write(OK);
                })) {
            proxy.with(settings().build()).start(dying.port(), living.port());
            try (RawClient client = RawClient.to(proxy.port())) {
                client.send("PUT / HTTP/1.1\r\nHost: web\r\n"
                        + (how.equals("chunked") ? "Transfer-Encoding: chunked" : "Content-Length: 12000")
                        + "\r\n\r\n");
                switch (how) {
                    case "length" -> client.send(body);
                    case "chunked" -> client.send("2ee0\r\n" + body + "\r\n0\r\n\r\n");
                    default -> {
                        client.send(body.substring(0, 6_000));
                        assertThat(dead.await(10, TimeUnit.SECONDS)).isTrue();
                        client.send(body.substring(6_000));
                    }
                }
                assertThat(client.readResponse().status()).isEqualTo(200);
                assertThat(bodies.get(0)).contains(body);
            }
        }
        proxy.awaitQuiet();
        assertThat(proxy.pool().total(PoolCounter.REDISPATCHES)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"PUT, 20000, 16384", "PUT, 6000, 5999", "PUT, 6000, 0", "POST, 6000, 16384"})
    void aBodyThatWasNotKeptIsNot(String method, int length, int kept) throws IOException {
        proxy.with(settings().retryRules(RetryRules.DEFAULT.withBodyBytes(kept)).build());
        try (LoopbackBackend dying = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    conversation.reset();
                });
                RawClient client = RawClient.to(proxy.start(dying.port()).port())) {
            client.send(method + " / HTTP/1.1\r\nHost: web\r\nContent-Length: " + length + "\r\n\r\n");
            client.send("x".repeat(length));

            assertThat(client.readResponse().header("X-Myelin-Failure")).isEqualTo("upstream_closed");
            assertThat(dying.received()).hasSize(1);
        }
        proxy.awaitQuiet();
    }

    @Test
    void anAnswerThatIsWorthAnotherAttemptIsReplaced() throws IOException {
        proxy.with(settings().retryRules(rules(Set.of(), Set.of(503))).build());
        String refusal = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";
        try (LoopbackBackend busy = LoopbackBackend.running(conversation -> {
                    while (!conversation.readRequest().isEmpty()) {
                        conversation.write(refusal);
                    }
                });
                LoopbackBackend free = LoopbackBackend.answering("x")) {
            proxy.start(busy.port(), free.port());
            try (RawClient client = RawClient.to(proxy.port())) {
                for (int i = 0; i < 4; i++) {
                    assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
                }
                assertThat(busy.received()).hasSize(4);
                assertThat(proxy.pool().total(PoolCounter.RESPONSES_5XX)).isZero();
                assertThat(proxy.pool().total(PoolCounter.REDISPATCHES)).isEqualTo(4);

                proxy.offer(busy.port());
                Response last = client.send(GET).readResponse();
                assertThat(last.status()).isEqualTo(503);
                assertThat(last.body()).isEqualTo("busy");
                assertThat(last.header("X-Myelin-Failure")).isEmpty();
            }
        }
        proxy.awaitQuiet();
    }

    @Test
    void withoutRedispatchTheSameMemberIsAskedAgain() throws IOException {
        proxy.with(settings()
                .redispatch(false)
                .retryRules(rules(Set.of(Failure.UPSTREAM_CLOSED), Set.of(503)))
                .build());
        AtomicInteger asked = new AtomicInteger();
        try (LoopbackBackend moody = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    switch (asked.incrementAndGet()) {
                        case 1 -> conversation.write("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
                        case 2 -> conversation.reset();
                        default -> conversation.write(OK);
                    }
                });
                LoopbackBackend other = LoopbackBackend.answering("y");
                RawClient client =
                        RawClient.to(proxy.start(moody.port(), other.port()).port())) {
            assertThat(client.send(GET).readResponse().body()).isEqualTo("x");
            assertThat(other.received()).isEmpty();
        }
        assertThat(proxy.pool().total(PoolCounter.RETRIES)).isEqualTo(2);
    }

    @Test
    void aRequestWithEffectsKeepsTheAnswerItGot() throws IOException {
        proxy.with(settings().retryRules(rules(Set.of(), Set.of(503))).build());
        try (LoopbackBackend busy = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    conversation.write("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
                });
                LoopbackBackend other = LoopbackBackend.answering("x");
                RawClient client =
                        RawClient.to(proxy.start(busy.port(), other.port()).port())) {
            assertThat(client.send(POST).readResponse().status()).isEqualTo(503);
            assertThat(other.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"RESPONSE_TIMEOUT, ''", "MALFORMED_RESPONSE, 'nonsense\r\n\r\n'"})
    void aFailureThatIsWorthAnotherAttemptGetsOne(Failure failure, String answer)
            throws IOException, InterruptedException {
        Duration patience = Duration.ofSeconds(20);
        Duration passing = failure == Failure.RESPONSE_TIMEOUT ? patience : Duration.ZERO;
        UpstreamConfig.Builder settings = settings().serverTimeout(patience);
        CountDownLatch over = new CountDownLatch(1);
        try (LoopbackBackend broken = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    conversation.write(answer);
                    await(over);
                });
                LoopbackBackend whole = LoopbackBackend.answering("x")) {
            proxy.with(settings.retryRules(rules(Set.of(failure), Set.of())).build())
                    .start(broken.port(), whole.port());
            try (RawClient client = RawClient.to(proxy.port())) {
                client.send(GET);
                broken.awaitRequest();
                clock.skip(passing);
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
            assertThat(broken.received()).hasSize(1);
            try (RawClient client = RawClient.to(proxy.port())) {
                proxy.offer(broken.port());
                client.send(GET);
                broken.awaitRequest();
                clock.skip(passing);
                assertThat(client.readResponse().header("X-Myelin-Failure")).isEqualTo(failure.label());
            }
            over.countDown();
        }
        proxy.awaitQuiet();
    }

    @Test
    void nothingIsTriedAgainIfNothingIsWorthIt() throws IOException {
        proxy.with(settings().retryRules(rules(Set.of(), Set.of())).build());
        try (LoopbackBackend dying = LoopbackBackend.running(conversation -> {
            conversation.readRequest();
            conversation.reset();
        })) {
            try (RawClient client = RawClient.to(proxy.start(FreePorts.one()).port())) {
                assertThat(client.send(GET).readResponse().header("X-Myelin-Failure"))
                        .isEqualTo("connect_failed");
            }
            proxy.offer(dying.port());
            try (RawClient client = RawClient.to(proxy.port())) {
                assertThat(client.send(GET).readResponse().header("X-Myelin-Failure"))
                        .isEqualTo("upstream_closed");
            }
            assertThat(dying.received()).hasSize(1);
        }
        assertThat(proxy.pool().total(PoolCounter.REDISPATCHES)).isZero();
        assertThat(proxy.pool().total(PoolCounter.RETRIES)).isZero();
    }

    /** The body waits in the proxy while the first member refuses; the second one has a connection at hand. */
    @Test
    void aLongBodyGoesOnWhenAnotherMemberHasAConnectionKept() throws IOException {
        String body = "x".repeat(300_000);
        try (LoopbackBackend backend = LoopbackBackend.answering("x")) {
            proxy.with(settings().build()).start(backend.port());
            try (RawClient client = RawClient.to(proxy.port())) {
                client.send(GET).readResponse();
                proxy.offer(FreePorts.one(), backend.port());
                for (int i = 0; i < 4; i++) {
                    client.send("POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 300000\r\n\r\n");
                    client.send(body);
                    assertThat(client.readResponse().status()).isEqualTo(200);
                }
            }
            assertThat(proxy.pool().total(PoolCounter.REDISPATCHES)).isPositive();
        }
        proxy.awaitQuiet();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
