package io.myelin.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.RandomSource;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class EndpointCheckTest {
    private static final Finding CONNECTED = Finding.of(CheckStatus.L4OK, "connected");
    private static final Finding NO_SOCKET = Finding.of(CheckStatus.SOCKERR, "no socket: Too many open files");
    private static final List<Endpoint> ONE = List.of(Endpoint.of("", "127.0.0.1", 80));

    private final RecordingSink sink = new RecordingSink();
    private final AtomicInteger asked = new AtomicInteger();
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final HostNames names = new HostNames(InetAddress::getByName);
    private final Checker checker = new Checker(1, Clock.SYSTEM, RandomSource.SYSTEM);

    @AfterEach
    void close() {
        names.close();
        checker.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void aMachineOutOfSocketsBlamesNoEndpoint() throws InterruptedException {
        ServiceChecks checks = checksBy((onLoop, endpoint, address, answer) ->
                answer.setSuccess(new ProbeResult(asked.getAndIncrement() == 0 ? CONNECTED : NO_SOCKET, 0)));

        checks.reconcile(ONE);

        assertThat(sink.next().text()).isEqualTo("PASSING connected");
        assertThat(sink.next().text()).isEqualTo("PASSING no socket: Too many open files");
    }

    @Test
    void aDefectOfAProbeDoesNotEndTheChecks() throws InterruptedException {
        ServiceChecks checks = checksBy((onLoop, endpoint, address, answer) -> {
            if (asked.getAndIncrement() == 0) {
                throw new IllegalStateException("provoked by the test");
            }
            answer.setSuccess(new ProbeResult(CONNECTED, 0));
        });

        checks.reconcile(ONE);

        assertThat(sink.next().text())
                .isEqualTo("UNKNOWN check went wrong: java.lang.IllegalStateException: provoked by the test");
        assertThat(sink.next().text()).isEqualTo("PASSING connected");
    }

    @Test
    void anAnswerThatMeetsTheRemovalIsNotTold() throws InterruptedException {
        CountDownLatch answered = new CountDownLatch(1);
        CompletableFuture<ServiceChecks> checks = new CompletableFuture<>();
        checks.complete(checksBy((onLoop, endpoint, address, answer) -> {
            checks.join().reconcile(List.of());
            answer.setSuccess(new ProbeResult(CONNECTED, 0));
            answered.countDown();
        }));

        checks.join().reconcile(ONE);

        assertThat(answered.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(sink.rest()).isEmpty();
    }

    private ServiceChecks checksBy(Probe probe) {
        CheckConfig config = Checks.often(1, 1, null);
        CheckSchedule schedule = new CheckSchedule(config, RandomSource.SYSTEM);
        CheckPlan plan = new CheckPlan(config, probe, schedule, names, Clock.SYSTEM);
        return new ServiceChecks("web", plan, sink, checker, new ServiceCounters(List.of(loop), 0));
    }
}
