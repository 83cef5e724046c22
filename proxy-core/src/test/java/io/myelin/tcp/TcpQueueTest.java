package io.myelin.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.Slots;
import io.myelin.failure.Failure;
import io.myelin.pool.QueueConfig;
import io.myelin.pool.WaitingLine;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members that may have no more than so many tunnels at once. */
@Timeout(30)
@Tag("sockets")
class TcpQueueTest {
    private final TestProxy proxy = TestProxy.tcp();
    private final LoopbackBackend echo = LoopbackBackend.running(
            conversation -> conversation.in().transferTo(conversation.socket().getOutputStream()));

    @AfterEach
    void stop() {
        proxy.close();
        echo.close();
    }

    @Test
    void aTunnelWaitsUntilAnotherEnds() throws IOException {
        start(Duration.ofSeconds(20));
        try (RawClient first = inside();
                RawClient second = RawClient.to(proxy.port())) {
            second.send("early");
            Await.until("the second waits", () -> line().waiting() == 1);
            first.endOutput();

            assertThat(first.ended()).isTrue();
            assertThat(second.endOutput().readToEnd()).isEqualTo("early");
        }
        assertNothingLeft();
        assertThat(line().queued()).isEqualTo(1);
    }

    @Test
    void aTunnelThatWaitsTooLongIsClosedWithoutAByte() throws IOException {
        start(Duration.ofMillis(200));
        try (RawClient first = inside()) {
            try (RawClient second = RawClient.to(proxy.port())) {
                assertThat(second.ended()).isTrue();
            }
            first.endOutput();
            assertThat(first.ended()).isTrue();
        }
        assertNothingLeft();
        assertThat(proxy.pool().total(Failure.QUEUE_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void aClientThatLeavesGivesUpItsPlace() throws IOException {
        start(Duration.ofSeconds(20));
        try (RawClient first = inside()) {
            try (RawClient second = RawClient.to(proxy.port())) {
                Await.until("the second waits", () -> line().waiting() == 1);
                second.socket().setSoLinger(true, 0);
            }
            Await.until("nobody waits", () -> line().waiting() == 0);
            first.endOutput();
            assertThat(first.ended()).isTrue();
        }
        assertNothingLeft();
    }

    @Test
    void aDrainEndsThoseWhoWait() throws IOException {
        start(Duration.ofSeconds(20));
        try (RawClient first = inside()) {
            try (RawClient second = RawClient.to(proxy.port())) {
                Await.until("the second waits", () -> line().waiting() == 1);
                proxy.server().drain(Duration.ofSeconds(10));

                assertThat(second.ended()).isTrue();
            }
            first.endOutput();
            assertThat(first.ended()).isTrue();
        }
        assertNothingLeft();
    }

    private void start(Duration timeout) {
        proxy.with(new QueueConfig(1, Slots.UNLIMITED, Slots.UNLIMITED, timeout))
                .start(echo.port());
    }

    /** Returns a client whose tunnel stands. */
    private RawClient inside() throws IOException {
        RawClient client = RawClient.to(proxy.port());
        client.send("in");
        assertThat(client.socket().getInputStream().readNBytes(2)).hasSize(2);
        return client;
    }

    private WaitingLine line() {
        WaitingLine line = proxy.pool().snapshot().line();
        if (line == null) {
            throw new AssertionError("the pool has no line");
        }
        return line;
    }

    private void assertNothingLeft() {
        proxy.awaitQuiet();
        Slots slots = proxy.pool().snapshot().members().get(0).slots();
        assertThat(slots).isNotNull();
        Await.until("the slot is free", () -> slots.taken() == 0);
        assertThat(line().waiting()).isZero();
    }
}
