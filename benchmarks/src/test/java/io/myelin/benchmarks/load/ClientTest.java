package io.myelin.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.model.Clock;
import io.myelin.testing.Await;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(20)
class ClientTest {
    private final Origin origin = new Origin(1);
    private final EventLoops loops = new EventLoops("client", 1);
    private final EventLoop loop = loops.group().next();
    private final Recorder recorder = new Recorder(0, Long.MAX_VALUE);

    @AfterEach
    void stop() {
        loops.close();
        origin.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyWorkloadIsAnsweredAgainAndAgain(Workload workload) {
        int port = switch (workload.service()) {
            case HTTP -> origin.serveHttp(0);
            case ECHO -> origin.serveEcho(0);
            case BULK -> origin.serveBulk(0);
        };

        start(port, workload.dialogue(), workload.reconnect());

        awaitAtLeast(3, Recorder::replies);
        assertThat(read(Recorder::errors)).isZero();
    }

    @Test
    void aReplyOtherThanSuccessIsAnErrorAndTheClientGoesOn() {
        start(origin.serveHttp(0), Dialogue.http("/none", 0, false, false), false);

        awaitAtLeast(2, Recorder::errors);
        assertThat(read(Recorder::replies)).isZero();
    }

    @Test
    void aRefusedConnectionIsAnErrorAndTheClientGoesOn() throws IOException {
        // Whoever holds a port without listening there keeps everybody else from it.
        try (Socket refusing = new Socket()) {
            refusing.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

            start(refusing.getLocalPort(), Dialogue.tcp(8, 8), false);

            awaitAtLeast(2, Recorder::errors);
            assertThat(read(Recorder::replies)).isZero();
        }
    }

    private void start(int port, Dialogue dialogue, boolean reconnect) {
        LoadPlan plan = new LoadPlan(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                dialogue,
                Pacing.CLOSED,
                1,
                reconnect,
                Duration.ZERO,
                Duration.ofMinutes(1));
        Bootstrap bootstrap = new Bootstrap().group(loop).channel(EventLoops.clientChannel());
        long startNanos = Clock.SYSTEM.nanoTime();
        new Client(0, plan, loop, bootstrap, recorder, () -> Clock.SYSTEM.nanoTime() - startNanos).start();
    }

    private void awaitAtLeast(long count, ToLongFunction<Recorder> counter) {
        Await.until("there are " + count, () -> read(counter) >= count);
    }

    private long read(ToLongFunction<Recorder> counter) {
        return CompletableFuture.supplyAsync(() -> counter.applyAsLong(recorder), loop)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }
}
