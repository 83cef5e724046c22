package io.myelin.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.failure.Failure;
import io.myelin.log.AccessConfig;
import io.myelin.log.AccessRecord;
import io.myelin.testing.FakeClock;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of each tunnel once it is over. */
@Timeout(30)
@Tag("sockets")
class TunnelLogTest {
    private final TestProxy proxy = TestProxy.tcp().with(AccessConfig.DEFAULT);
    private final LoopbackBackend echo = LoopbackBackend.running(
            conversation -> conversation.in().transferTo(conversation.socket().getOutputStream()));

    @AfterEach
    void stop() {
        proxy.close();
        echo.close();
    }

    private AccessRecord onlyRecord() {
        return proxy.awaitRecords(1).get(0);
    }

    @Test
    void aTunnelIsTold() throws IOException {
        try (RawClient client = RawClient.to(proxy.start(echo.port()).port())) {
            client.send("twelve bytes").endOutput();
            assertThat(client.readToEnd()).isEqualTo("twelve bytes");
            AccessRecord record = onlyRecord();

            assertThat(record.tunnel()).isTrue();
            assertThat(record.listener()).isEqualTo("web");
            assertThat(record.pool()).isEqualTo("web");
            assertThat(Objects.requireNonNull(record.member()).port()).isEqualTo(echo.port());
            assertThat(record.request()).isNull();
            assertThat(record.status()).isEqualTo(-1);
            assertThat(record.bytesIn()).isEqualTo(12);
            assertThat(record.bytesOut()).isEqualTo(12);
            assertThat(record.termination()).isEqualTo("--");
            assertThat(record.normal()).isTrue();
            assertThat(record.timers().head()).isZero();
            assertThat(record.timers().connect()).isPositive();
            assertThat(record.timers().total()).isGreaterThan(record.timers().connect());
            assertThat(record.timers().firstByte()).isEqualTo(AccessRecord.NOT_REACHED);
        }
    }

    @Test
    void aPoolWithoutMembersIsToldIfEmptyTunnelsAre() throws IOException {
        proxy.with(AccessConfig.DEFAULT.with().skipsEmpty(false).build());
        try (RawClient client = RawClient.to(proxy.start().port())) {
            client.readToEnd();

            assertThat(onlyRecord().failure()).isEqualTo(Failure.NO_MEMBER);
            assertThat(onlyRecord().termination()).isEqualTo("SC");
        }
    }

    @Test
    void silenceThatEndsATunnelIsTold() throws IOException {
        Duration limit = Duration.ofMillis(100);
        FakeClock clock = new FakeClock();
        try (TestProxy timed = TestProxy.tcp(clock).with(AccessConfig.DEFAULT).withClientTimeout(limit);
                RawClient client = RawClient.to(timed.start(echo.port()).port())) {
            client.send("x");
            assertThat(client.socket().getInputStream().read()).isEqualTo('x');
            clock.advance(limit);
            client.readToEnd();
            AccessRecord record = timed.awaitRecords(1).get(0);

            assertThat(record.failure()).isEqualTo(Failure.CLIENT_TIMEOUT);
            assertThat(record.termination()).isEqualTo("cD");
        }
    }

    @Test
    void aResetOfTheClientIsTold() throws IOException {
        try (RawClient client = RawClient.to(proxy.start(echo.port()).port())) {
            client.send("x");
            assertThat(client.socket().getInputStream().read()).isEqualTo('x');
            client.socket().setSoLinger(true, 0);
            client.hangUp();

            assertThat(onlyRecord().failure()).isEqualTo(Failure.CLIENT_GONE);
            assertThat(onlyRecord().termination()).isEqualTo("CD");
        }
    }

    @Test
    void aResetOfTheMemberIsTold() throws IOException {
        try (LoopbackBackend resetting = LoopbackBackend.running(conversation -> {
                    conversation.read(1);
                    conversation.reset();
                });
                RawClient client = RawClient.to(proxy.start(resetting.port()).port())) {
            client.send("x");

            assertThat(onlyRecord().failure()).isEqualTo(Failure.RESPONSE_TRUNCATED);
            assertThat(onlyRecord().termination()).isEqualTo("SD");
        }
    }
}
