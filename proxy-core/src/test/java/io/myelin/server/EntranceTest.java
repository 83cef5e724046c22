package io.myelin.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.access.AccessCondition;
import io.myelin.access.AccessRule;
import io.myelin.access.AccessRules;
import io.myelin.access.AddressRange;
import io.myelin.balance.BalanceConfig;
import io.myelin.balance.HashConfig;
import io.myelin.balance.HashConfig.KeySource;
import io.myelin.balance.HashConfig.Layout;
import io.myelin.failure.Failure;
import io.myelin.model.Protocol;
import io.myelin.net.EntranceConfig;
import io.myelin.server.ServerOptions.Transport;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@Tag("sockets")
class EntranceTest {
    private static final String HEADER = "PROXY TCP4 203.0.113.7 203.0.113.80 4711 443\r\n";
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private @Nullable TestProxy proxy;

    @AfterEach
    void stop() {
        TestProxy started = proxy;
        if (started != null) {
            started.close();
        }
    }

    @Test
    void theHeadersAddressIsForwarded() throws IOException, InterruptedException {
        try (LoopbackBackend backend = LoopbackBackend.answering("hi");
                RawClient client = RawClient.to(http().start(backend.port()).port())) {
            assertThat(client.send(HEADER + REQUEST).readResponse().body()).isEqualTo("hi");
            assertThat(backend.awaitRequest())
                    .contains("X-Forwarded-For: 203.0.113.7\r\n")
                    .contains("X-Forwarded-Port: 443\r\n");

            assertThat(client.send(REQUEST).readResponse().body()).isEqualTo("hi");
            assertThat(backend.awaitRequest()).contains("X-Forwarded-For: 203.0.113.7\r\n");
        }
    }

    @Test
    void aHeaderMayArriveByteByByte() throws IOException, InterruptedException {
        try (LoopbackBackend backend = LoopbackBackend.answering("hi");
                RawClient client = RawClient.to(http().start(backend.port()).port())) {
            for (byte b : (HEADER + REQUEST).getBytes(ISO_8859_1)) {
                client.send(new byte[] {b});
            }

            assertThat(client.readResponse().body()).isEqualTo("hi");
            assertThat(backend.awaitRequest()).contains("X-Forwarded-For: 203.0.113.7\r\n");
        }
    }

    @Test
    void aSenderThatSpeaksForItselfHasTheAddressOfItsSocket() throws IOException, InterruptedException {
        byte[] local = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10, 0x20, 0, 0, 0};
        try (LoopbackBackend backend = LoopbackBackend.answering("hi");
                RawClient client = RawClient.to(http().start(backend.port()).port())) {
            client.send(local).send(REQUEST).readResponse();

            assertThat(backend.awaitRequest()).contains("X-Forwarded-For: 127.0.0.1\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {REQUEST, "PROXY TCP4 203.0.113.7 203.0.113.80 4711\r\n" + REQUEST, "PROXY UNKNOWN\n"})
    void whatIsNoHeaderIsRefusedAtOnce(String bytes) throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.answering("hi");
                RawClient client = RawClient.to(http().start(backend.port()).port())) {
            client.send(bytes);

            assertThat(EntranceTest.isOver(client)).isTrue();
            awaitFailures(Failure.MALFORMED_PROXY_HEADER, 1);
            assertThat(backend.connections()).isZero();
        }
        awaitNoConnection();
    }

    @Test
    void aHeaderThatIsLateIsRefused() throws IOException {
        TestProxy http = http().withListener(listener ->
                acceptProxy(listener).entrance(new EntranceConfig(null, null, Duration.ofMillis(100))));
        try (RawClient client = RawClient.to(http.start().port())) {
            client.send("PROXY TCP4 ");

            assertThat(isOver(client)).isTrue();
            awaitFailures(Failure.MALFORMED_PROXY_HEADER, 1);
        }
    }

    @Test
    void aHeaderThatBreaksOffIsRefused() throws IOException {
        try (RawClient client = RawClient.to(http().start().port())) {
            client.send("PROXY TCP4 ").endOutput();

            assertThat(client.ended()).isTrue();
            awaitFailures(Failure.MALFORMED_PROXY_HEADER, 1);
        }
    }

    @Test
    void whoeverLeavesWithoutAByteIsNoAttack() throws IOException {
        try (RawClient client = RawClient.to(http().start().port())) {
            client.endOutput();

            assertThat(client.ended()).isTrue();
            awaitFailures(Failure.CLIENT_GONE, 1);
        }
        assertThat(http().server().unrouted(Failure.MALFORMED_PROXY_HEADER)).isZero();
        assertThat(http().server().listeners().get(0).acceptedConnections()).isEqualTo(1);
    }

    @Test
    void aDrainEndsWhoHasNotSentItsHeader() throws Exception {
        try (RawClient client = RawClient.to(http().start().port())) {
            client.send("PROXY TCP4 ");
            Await.until(
                    "the connection is seen",
                    () -> http().server().listeners().get(0).openConnections() == 1);

            assertThat(http().server()
                            .drain(Duration.ofSeconds(10))
                            .toCompletableFuture()
                            .join())
                    .isZero();
            assertThat(isOver(client)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"AUTO", "NIO"})
    void aTunnelBeginsAfterTheHeader(Transport transport) throws IOException {
        TestProxy tcp = start(TestProxy.of(Protocol.TCP, transport));
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    String all = new String(conversation.in().readAllBytes(), ISO_8859_1);
                    conversation.write("got " + all);
                });
                RawClient client = RawClient.to(tcp.start(backend.port()).port())) {
            client.send(HEADER + "one ").send("two").endOutput();

            assertThat(client.readToEnd()).isEqualTo("got one two");
        }
        tcp.awaitQuiet();
    }

    @Test
    void balancingBySourceGoesByTheHeader() throws IOException {
        TestProxy tcp = start(TestProxy.tcp())
                .with(BalanceConfig.byHash(new HashConfig(KeySource.SOURCE, "", Layout.MAP_BASED, 0)));
        try (LoopbackBackend first = LoopbackBackend.running(conversation -> conversation.write("1"));
                LoopbackBackend second = LoopbackBackend.running(conversation -> conversation.write("2"))) {
            tcp.start(first.port(), second.port());
            Set<String> answers = new HashSet<>();
            for (int client = 0; client < 20; client++) {
                String header = "PROXY TCP4 203.0.113." + client + " 203.0.113.80 1 2\r\n";
                String answer = answerTo(tcp, header);
                assertThat(answerTo(tcp, header)).isEqualTo(answer);
                answers.add(answer);
            }
            assertThat(answers).containsExactlyInAnyOrder("1", "2");
        }
    }

    @Test
    void rulesAboutConnectionsGoByTheSocket() throws IOException {
        TestProxy http = http().withListener(listener -> acceptProxy(listener)
                .entrance(new EntranceConfig(rejecting("127.0.0.0/8"), null, Duration.ofSeconds(5))));
        try (RawClient client = RawClient.to(http.start().port())) {
            assertThat(EntranceTest.isOver(client)).isTrue();
            awaitFailures(Failure.CLIENT_REFUSED, 1);
        }
        awaitNoConnection();
    }

    @Test
    void rulesAboutSessionsGoByTheHeader() throws IOException {
        TestProxy http = http().withListener(listener -> acceptProxy(listener)
                .entrance(new EntranceConfig(null, rejecting("203.0.113.0/24"), Duration.ofSeconds(5))));
        try (LoopbackBackend backend = LoopbackBackend.answering("hi");
                RawClient refused = RawClient.to(http.start(backend.port()).port());
                RawClient served = RawClient.to(http.port())) {
            refused.send(HEADER + REQUEST);
            served.send("PROXY TCP4 203.0.114.7 203.0.113.80 4711 443\r\n" + REQUEST);

            assertThat(EntranceTest.isOver(refused)).isTrue();
            assertThat(served.readResponse().body()).isEqualTo("hi");
            awaitFailures(Failure.CLIENT_REFUSED, 1);
        }
    }

    @Test
    void rulesWithoutAHeaderGoByTheSocket() throws IOException {
        proxy = TestProxy.http()
                .withListener(listener -> listener.entrance(
                        new EntranceConfig(rejecting("10.0.0.0/8"), rejecting("127.0.0.2"), Duration.ofSeconds(5))));
        try (LoopbackBackend backend = LoopbackBackend.answering("hi");
                RawClient client = RawClient.to(http().start(backend.port()).port())) {
            assertThat(client.send(REQUEST).readResponse().body()).isEqualTo("hi");
        }
    }

    private static String answerTo(TestProxy tcp, String header) throws IOException {
        try (RawClient client = RawClient.to(tcp.port())) {
            return client.send(header).readToEnd();
        }
    }

    private static AccessRules rejecting(String range) {
        AddressRange parsed = Objects.requireNonNull(AddressRange.parse(range));
        return new AccessRules(List.of(new AccessRule(false, AccessCondition.from(List.of(parsed)))), Duration.ZERO);
    }

    private TestProxy http() {
        TestProxy started = proxy;
        return started == null ? start(TestProxy.http()) : started;
    }

    private TestProxy start(TestProxy created) {
        proxy = created.withListener(EntranceTest::acceptProxy);
        return created;
    }

    private static ListenerConfig.Builder acceptProxy(ListenerConfig.Builder listener) {
        return listener.addresses(
                List.of(new BindAddress("127.0.0.1", 0).with(BindOptions.DEFAULT.withAcceptProxy(true))));
    }

    /** Closing with bytes unread makes the kernel send a reset, which is an end as good as any. */
    private static boolean isOver(RawClient client) {
        try {
            return client.ended();
        } catch (IOException e) {
            return String.valueOf(e.getMessage()).contains("reset");
        }
    }

    private void awaitFailures(Failure failure, long count) {
        Await.until("the failure is counted", () -> http().server().unrouted(failure) == count);
    }

    private void awaitNoConnection() {
        Await.until(
                "no connection is open",
                () -> http().server().listeners().get(0).openConnections() == 0);
    }
}
