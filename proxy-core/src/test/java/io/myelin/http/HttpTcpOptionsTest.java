package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.access.AccessCondition;
import io.myelin.access.AccessRule;
import io.myelin.access.AccessRules;
import io.myelin.failure.Failure;
import io.myelin.model.ProxyVersion;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.UpstreamConfig;
import io.myelin.route.Condition;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.StallingClock;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What HTTP makes of the settings that it shares with TCP. */
@Timeout(30)
@Tag("sockets")
class HttpTcpOptionsTest {
    private static final Duration DELAY = Duration.ofMillis(200);
    private static final AccessRules DELAYED =
            new AccessRules(List.of(new AccessRule(true, AccessCondition.afterDelay())), DELAY);
    private static final AccessRules REFUSING =
            new AccessRules(List.of(new AccessRule(false, AccessCondition.ALWAYS)), Duration.ZERO);
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String UPGRADE = "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";
    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";

    private final StallingClock clock = new StallingClock();
    private final TestProxy proxy = TestProxy.httpOn(clock);

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void aMemberConnectionBelongsToTheClientItWasToldOf() throws IOException {
        proxy.with(sending(ProxyVersion.V1));
        try (LoopbackBackend backend = LoopbackBackend.running(HttpTcpOptionsTest::answerWithHeader);
                RawClient first = RawClient.to(proxy.start(backend.port()).port());
                RawClient second = RawClient.to(proxy.port())) {
            for (int i = 0; i < 3; i++) {
                assertThat(first.send(REQUEST).readResponse().body()).isEqualTo(headerOf(first));
                assertThat(second.send(REQUEST).readResponse().body()).isEqualTo(headerOf(second));
            }
            assertThat(backend.connections()).isEqualTo(2);
        }
    }

    @Test
    void theMemberConnectionEndsWithItsClient() throws IOException {
        AtomicInteger ended = new AtomicInteger();
        proxy.with(sending(ProxyVersion.V1));
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
            answerWithHeader(conversation);
            ended.incrementAndGet();
        })) {
            proxy.start(backend.port());
            try (RawClient client = RawClient.to(proxy.port())) {
                client.send(REQUEST).readResponse();
                assertThat(ended).hasValue(0);
            }
            Await.until("the member sees the end", () -> ended.get() == 1);
        }
    }

    @Test
    void theMemberConnectionEndsWhenItsMemberLeaves() throws IOException {
        AtomicInteger ended = new AtomicInteger();
        proxy.with(sending(ProxyVersion.V1));
        try (LoopbackBackend leaving = LoopbackBackend.running(conversation -> {
                    answerWithHeader(conversation);
                    ended.incrementAndGet();
                });
                LoopbackBackend staying = LoopbackBackend.running(HttpTcpOptionsTest::answerWithHeader);
                RawClient client = RawClient.to(proxy.start(leaving.port()).port())) {
            client.send(REQUEST).readResponse();
            proxy.offer(staying.port());

            Await.until("the member sees the end", () -> ended.get() == 1);
            assertThat(client.send(REQUEST).readResponse().body()).isEqualTo(headerOf(client));
        }
    }

    @Test
    void aConnectionThatItsMemberClosedIsReplaced() throws IOException {
        proxy.with(sending(ProxyVersion.V1));
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    String header = readLine(conversation);
                    conversation.readHead();
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + header.length() + "\r\n\r\n" + header);
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(REQUEST).readResponse().body()).isEqualTo(headerOf(client));
            }
        }
    }

    @Test
    void versionTwoGoesAheadOfTheRequest() throws IOException {
        proxy.with(sending(ProxyVersion.V2));
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    byte[] header = conversation.read(28);
                    conversation.readHead();
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + header[13]);
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.send(REQUEST).readResponse().body()).isEqualTo("17");
        }
    }

    @Test
    void theListenerMayDelayEveryRequest() throws IOException {
        proxy.withListener(listener -> listener.access(DELAYED));
        try (LoopbackBackend backend = LoopbackBackend.answering("hi");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            long startNanos = System.nanoTime();
            client.send(REQUEST + REQUEST);

            assertThat(client.readResponse().body()).isEqualTo("hi");
            assertThat(client.readResponse().body()).isEqualTo("hi");
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThanOrEqualTo(DELAY.multipliedBy(2));
        }
    }

    @Test
    void aClientThatEndsItsOutputDuringTheDelayIsAnswered() throws IOException {
        proxy.withListener(listener -> listener.access(DELAYED));
        try (LoopbackBackend backend = LoopbackBackend.answering("hi");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(REQUEST).endOutput();

            assertThat(client.readResponse().body()).isEqualTo("hi");
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void aClientThatLeavesDuringTheDelayIsCounted() throws IOException {
        AccessRules tooLong = new AccessRules(DELAYED.rules(), Duration.ofMinutes(10));
        proxy.withListener(listener -> listener.access(tooLong));
        try (RawClient client = RawClient.to(proxy.start().port())) {
            client.send(REQUEST);
            Await.until(
                    "the connection is open",
                    () -> proxy.server().listeners().get(0).openConnections() == 1);
            client.socket().setSoLinger(true, 0);
            client.hangUp();
        }
        Await.until("the client is gone", () -> proxy.server().unrouted(Failure.CLIENT_GONE) == 1);
    }

    @Test
    void theListenerMayRefuseBeforeItReads() throws IOException {
        proxy.withListener(listener -> listener.access(REFUSING));
        try (RawClient client = RawClient.to(proxy.start().port())) {
            client.send("no HTTP at all");

            assertThat(client.ended()).isTrue();
            Await.until("the refusal is counted", () -> proxy.server().unrouted(Failure.CLIENT_REFUSED) == 1);
            assertThat(proxy.server().unrouted(Failure.MALFORMED_REQUEST)).isZero();
        }
    }

    @Test
    void theServiceMayDelayEveryRequest() throws IOException {
        proxy.withPool(pool -> pool.access(DELAYED));
        try (LoopbackBackend backend = LoopbackBackend.answering("hi");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            for (int i = 0; i < 2; i++) {
                long startNanos = System.nanoTime();
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000));

                assertThat(client.readResponse().body()).isEqualTo("hi");
                assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThanOrEqualTo(DELAY);
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
        proxy.awaitQuiet();
    }

    @Test
    void theServiceMayRefuse() throws IOException {
        proxy.withPool(pool -> pool.access(REFUSING));
        try (RawClient client = RawClient.to(proxy.start().port())) {
            client.send(REQUEST);

            assertThat(client.ended()).isTrue();
            Await.until("the refusal is counted", () -> proxy.pool().total(Failure.CLIENT_REFUSED) == 1);
        }
        proxy.awaitQuiet();
        assertThat(proxy.pool().total(PoolCounter.REQUESTS)).isEqualTo(1);
    }

    @Test
    void whomTheServiceRefusesItsOtherRulesDoNotAnswer() throws IOException {
        AccessRules afterDelay =
                new AccessRules(List.of(new AccessRule(false, AccessCondition.afterDelay())), Duration.ofMillis(20));
        for (AccessRules refusing : List.of(REFUSING, afterDelay)) {
            try (TestProxy refused = TestProxy.http()
                            .withPool(pool -> pool.access(refusing))
                            .withRules(HttpRules.NONE, rules(Refusal.deny(403)));
                    RawClient client = RawClient.to(refused.start().port())) {
                assertThat(client.send(REQUEST).readToEnd()).isEmpty();
                Await.until("it is counted", () -> refused.pool().total(Failure.CLIENT_REFUSED) == 1);
                assertThat(refused.pool().total(Failure.DENIED)).isZero();
                refused.awaitQuiet();
            }
        }
    }

    @Test
    void theRulesOfTheServiceAnswerOnceItsDelayIsOver() throws IOException {
        Redirection away = new Redirection(Redirection.Kind.LOCATION, Template.of("/away"), 302, false, false, "");
        Map<HttpAction, Integer> statuses =
                Map.of(Refusal.deny(403), 403, away, 302, Refusal.tarpit(500, Duration.ofMillis(20)), 500);
        for (Map.Entry<HttpAction, Integer> rule : statuses.entrySet()) {
            try (TestProxy delaying = TestProxy.http()
                            .withPool(pool -> pool.access(DELAYED))
                            .withRules(HttpRules.NONE, rules(rule.getKey()));
                    RawClient client = RawClient.to(delaying.start().port())) {
                long startNanos = System.nanoTime();
                client.send(REQUEST);

                assertThat(client.readResponse().status()).isEqualTo(rule.getValue());
                assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThanOrEqualTo(DELAY);
                assertThat(client.ended()).isTrue();
                delaying.awaitQuiet();
            }
        }
    }

    @Test
    void whoLeavesDuringTheDelayOfTheServiceIsNotRedirected() throws IOException {
        AccessRules tooLong = new AccessRules(DELAYED.rules(), Duration.ofMinutes(10));
        Redirection away = new Redirection(Redirection.Kind.LOCATION, Template.of("/away"), 302, false, false, "");
        proxy.withPool(pool -> pool.access(tooLong)).withRules(HttpRules.NONE, rules(away));
        try (RawClient client = RawClient.to(proxy.start().port())) {
            client.send(REQUEST);
            Await.until("it waits", () -> proxy.pool().total(PoolCounter.IN_FLIGHT) == 1);
            client.socket().setSoLinger(true, 0);
            client.hangUp();
        }
        Await.until("the client is gone", () -> proxy.pool().total(Failure.CLIENT_GONE) == 1);
        proxy.awaitQuiet();
    }

    private static HttpRules rules(HttpAction action) {
        return new HttpRules(List.of(List.of(new HttpRule(Condition.ALWAYS, action))), List.of());
    }

    @Test
    void theLimitForTunnelsHoldsAfterAnUpgrade() throws IOException {
        proxy.withClientTimeout(Duration.ofMillis(50))
                .with(UpstreamConfig.DEFAULT
                        .with()
                        .serverTimeout(Duration.ofSeconds(20))
                        .tunnelTimeout(Duration.ofMinutes(5))
                        .build());
        try (LoopbackBackend backend = LoopbackBackend.running(HttpTcpOptionsTest::upgradeAndEcho);
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(UPGRADE);
            assertThat(client.readHeadOnly().status()).isEqualTo(101);
            clock.skip(Duration.ofSeconds(21));
            awaitSilence(Duration.ofMillis(700));
            client.send("x");

            assertThat(client.socket().getInputStream().read()).isEqualTo('x');
        }
    }

    @Test
    void aSilentUpgradedConnectionEndsAfterTheLimitForTunnels() throws IOException {
        proxy.with(UpstreamConfig.DEFAULT.with().tunnelTimeout(DELAY).build());
        try (LoopbackBackend backend = LoopbackBackend.running(HttpTcpOptionsTest::upgradeAndEcho);
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(UPGRADE);
            assertThat(client.readHeadOnly().status()).isEqualTo(101);

            assertThat(isOver(client)).isTrue();
            Await.until("the failure is counted", () -> proxy.pool().total(Failure.CLIENT_TIMEOUT) == 1);
        }
        proxy.awaitQuiet();
    }

    private static UpstreamConfig sending(ProxyVersion version) {
        return UpstreamConfig.DEFAULT.with().sendProxy(version).build();
    }

    private String headerOf(RawClient client) {
        return "PROXY TCP4 127.0.0.1 127.0.0.1 " + client.socket().getLocalPort() + " " + proxy.port() + "\r\n";
    }

    /** Answers every request of a connection with the PROXY header that began it. */
    private static void answerWithHeader(LoopbackBackend.Conversation conversation) throws IOException {
        String header = readLine(conversation);
        while (!conversation.readRequest().isEmpty()) {
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + header.length() + "\r\n\r\n" + header);
        }
    }

    private static String readLine(LoopbackBackend.Conversation conversation) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = conversation.in().read(); b >= 0; b = conversation.in().read()) {
            line.append((char) b);
            if (b == '\n') {
                break;
            }
        }
        return line.toString();
    }

    private static void upgradeAndEcho(LoopbackBackend.Conversation conversation) throws IOException {
        conversation.readHead();
        conversation.write(SWITCHING);
        for (int b = conversation.in().read(); b >= 0; b = conversation.in().read()) {
            conversation.write(new byte[] {(byte) b});
        }
    }

    /** A tunnel that is cut ends with a reset, so that nobody takes it for complete. */
    private static boolean isOver(RawClient client) {
        try {
            return client.ended();
        } catch (IOException e) {
            return String.valueOf(e.getMessage()).contains("reset");
        }
    }

    /** Lets time pass in which nothing happens, which is what a limit on silence is about. */
    private static void awaitSilence(Duration time) {
        long startNanos = System.nanoTime();
        Await.until("time has passed", () -> System.nanoTime() - startNanos > time.toNanos());
    }
}
