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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class EndpointCheckTest {
    private static final Finding CONNECTED = Finding.of(CheckStatus.L4OK, "connected");
    private static final Finding NO_SOCKET = Finding.of(CheckStatus.SOCKERR, "no socket: Too many open files");

    private final RecordingSink sink = new RecordingSink();
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void aMachineOutOfSocketsBlamesNoEndpoint() throws InterruptedException {
        Probe scripted = (loop, endpoint, address, answer) ->
                answer.setSuccess(new ProbeResult(asked.getAndIncrement() == 0 ? CONNECTED : NO_SOCKET, 0));

        assertThat(firstTwoVerdicts(scripted))
                .containsExactly("PASSING connected", "PASSING no socket: Too many open files");
    }

    @Test
    void aDefectOfAProbeDoesNotEndTheChecks() throws InterruptedException {
        Probe defective = (loop, endpoint, address, answer) -> {
            if (asked.getAndIncrement() == 0) {
                throw new IllegalStateException("provoked by the test");
            }
            answer.setSuccess(new ProbeResult(CONNECTED, 0));
        };

        assertThat(firstTwoVerdicts(defective))
                .containsExactly(
                        "UNKNOWN check went wrong: java.lang.IllegalStateException: provoked by the test",
                        "PASSING connected");
    }

    private List<String> firstTwoVerdicts(Probe probe) throws InterruptedException {
        CheckConfig config = Checks.often(1, 1, null);
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (HostNames names = new HostNames(InetAddress::getByName);
                Checker checker = new Checker(1, Clock.SYSTEM, RandomSource.SYSTEM)) {
            CheckPlan plan =
                    new CheckPlan(config, probe, new CheckSchedule(config, RandomSource.SYSTEM), names, Clock.SYSTEM);
            ServiceCounters counters = new ServiceCounters(List.<EventLoop>of(group.next()), 0);
            ServiceChecks checks = new ServiceChecks("web", plan, sink, checker, counters);

            checks.reconcile(List.of(Endpoint.of("", "127.0.0.1", 80)));

            List<String> verdicts = List.of(sink.next().text(), sink.next().text());
            checks.close();
            return verdicts;
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
