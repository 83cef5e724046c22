package io.myelin.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.access.AccessCondition;
import io.myelin.access.AccessRule;
import io.myelin.access.AccessRules;
import io.myelin.failure.Failure;
import io.myelin.model.ProxyVersion;
import io.myelin.pool.UpstreamConfig;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@Tag("sockets")
class TcpOptionsTest {
    private static final Duration DELAY = Duration.ofMillis(200);

    private final TestProxy proxy = TestProxy.tcp();

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void theMemberIsToldOfTheClientFirst() throws IOException {
        proxy.with(UpstreamConfig.DEFAULT.with().sendProxy(ProxyVersion.V1).build());
        try (LoopbackBackend backend = LoopbackBackend.running(
                        conversation -> conversation.write(conversation.in().readAllBytes()));
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("hello").endOutput();

            assertThat(client.readToEnd())
                    .isEqualTo("PROXY TCP4 127.0.0.1 127.0.0.1 "
                            + client.socket().getLocalPort() + " " + proxy.port() + "\r\nhello");
        }
        proxy.awaitQuiet();
    }

    @Test
    void theMemberIsToldEvenIfItIsToSpeakFirst() throws IOException {
        proxy.with(UpstreamConfig.DEFAULT.with().sendProxy(ProxyVersion.V2).build());
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    byte[] header = conversation.read(28);
                    conversation.write("family " + header[13]);
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.readToEnd()).isEqualTo("family 17");
        }
    }

    @Test
    void connectionsComeFromTheSourceAddress() throws IOException {
        proxy.with(UpstreamConfig.DEFAULT
                .with()
                .source(new InetSocketAddress("127.0.0.9", 0))
                .tcpKeepAlive(true)
                .build());
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> conversation.write(
                        conversation.socket().getInetAddress().getHostAddress()));
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.readToEnd()).isEqualTo("127.0.0.9");
        }
    }

    @Test
    void aSourceAddressOfAnotherHostFailsTheConnection() throws IOException {
        proxy.with(UpstreamConfig.DEFAULT
                .with()
                .source(new InetSocketAddress("203.0.113.1", 0))
                .retries(0)
                .build());
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {});
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.ended()).isTrue();
            Await.until("the failure is counted", () -> proxy.pool().total(Failure.CONNECT_FAILED) == 1);
        }
    }

    @Test
    void theLimitForTunnelsReplacesThoseOfTheSides() throws IOException {
        proxy.withClientTimeout(Duration.ofMillis(50))
                .with(UpstreamConfig.DEFAULT
                        .with()
                        .tunnelTimeout(Duration.ofSeconds(20))
                        .build());
        try (LoopbackBackend backend =
                        LoopbackBackend.running(conversation -> conversation.write(conversation.read(1)));
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            awaitSilence(Duration.ofMillis(300));
            client.send("x");

            assertThat(client.readToEnd()).isEqualTo("x");
        }
    }

    @Test
    void aTunnelThatIsSilentForItsLimitEnds() throws IOException {
        proxy.with(UpstreamConfig.DEFAULT.with().tunnelTimeout(DELAY).build());
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> conversation.read(1));
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.ended()).isTrue();
        }
        assertThat(proxy.pool().total(Failure.CLIENT_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void rulesMayDelayEveryConnection() throws IOException {
        AccessRules delayed = new AccessRules(List.of(new AccessRule(true, AccessCondition.afterDelay())), DELAY);
        proxy.withListener(listener -> listener.access(delayed)).withPool(pool -> pool.access(delayed));
        try (LoopbackBackend backend =
                LoopbackBackend.running(conversation -> conversation.write(conversation.read(5)))) {
            proxy.start(backend.port());
            long startNanos = System.nanoTime();
            try (RawClient client = RawClient.to(proxy.port())) {
                client.send("hello");

                assertThat(client.readToEnd()).isEqualTo("hello");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThanOrEqualTo(DELAY.multipliedBy(2));
        }
        proxy.awaitQuiet();
    }

    @Test
    void aClientThatLeavesDuringItsDelayIsForgotten() throws IOException {
        AccessRules delayed =
                new AccessRules(List.of(new AccessRule(true, AccessCondition.afterDelay())), Duration.ofMinutes(10));
        proxy.withListener(listener -> listener.access(delayed));
        try (RawClient client = RawClient.to(proxy.start().port())) {
            client.socket().setSoLinger(true, 0);
            client.hangUp();
        }

        Await.until("the client is gone", () -> proxy.pool().total(Failure.CLIENT_GONE) == 1);
        proxy.awaitQuiet();
    }

    @Test
    void rulesOfTheServiceMayRefuse() throws IOException {
        AccessRules refusing = new AccessRules(List.of(new AccessRule(false, AccessCondition.ALWAYS)), Duration.ZERO);
        proxy.withPool(pool -> pool.access(refusing));
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {});
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.ended()).isTrue();
            Await.until("the refusal is counted", () -> proxy.pool().total(Failure.CLIENT_REFUSED) == 1);
            assertThat(backend.connections()).isZero();
        }
        proxy.awaitQuiet();
    }

    /** Lets time pass in which nothing happens, which is what a limit on silence is about. */
    private static void awaitSilence(Duration time) {
        long startNanos = System.nanoTime();
        Await.until("time has passed", () -> System.nanoTime() - startNanos > time.toNanos());
    }
}
