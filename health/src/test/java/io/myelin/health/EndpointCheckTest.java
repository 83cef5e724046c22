package io.myelin.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.ErrorReaction;
import io.myelin.model.RandomSource;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @Test
    void tooManyErrorsOfTrafficMarkAnEndpointDownUntilItsChecksPass() throws InterruptedException {
        ServiceChecks checks = checksBy(seldom(3), (onLoop, endpoint, address, answer) -> {
            asked.incrementAndGet();
            answer.setSuccess(new ProbeResult(CONNECTED, 0));
        });
        checks.reconcile(ONE);
        assertThat(sink.next().text()).isEqualTo("PASSING connected");

        checks.suspect(ONE.get(0).id(), ErrorReaction.MARK_DOWN, "3 errors in a row");

        assertThat(sink.next().text()).isEqualTo("FAILING 3 errors in a row");
        assertThat(sink.next().text()).as("the check that comes soon").isEqualTo("PASSING connected");
        assertThat(asked).hasValue(2);
        assertThat(checks.total(CheckCounter.ALARMS)).isEqualTo(1);
        CheckReport report = Objects.requireNonNull(checks.report(ONE.get(0).id()));
        assertThat(report.tally().alarms()).isEqualTo(1);
        assertThat(report.tally().descents()).isEqualTo(1);
        assertThat(report.tally().failures()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"FAIL_CHECK, UP 2/3", "SUDDEN_DEATH, UP 1/3"})
    void tooManyErrorsOfTrafficCountAsFailedChecks(ErrorReaction reaction, String progress)
            throws InterruptedException {
        ServiceChecks checks = checksBy(seldom(3), (onLoop, endpoint, address, answer) -> {
            if (asked.getAndIncrement() == 0) {
                answer.setSuccess(new ProbeResult(CONNECTED, 0));
            }
        });
        checks.reconcile(ONE);
        assertThat(sink.next().text()).isEqualTo("PASSING connected");

        checks.suspect(ONE.get(0).id(), reaction, "3 errors in a row");

        assertThat(sink.next().text()).isEqualTo("PASSING 3 errors in a row");
        CheckReport report = Objects.requireNonNull(checks.report(ONE.get(0).id()));
        assertThat(report.progress()).isEqualTo(progress);
        assertThat(report.status()).isEqualTo(CheckStatus.HANA);
    }

    @Test
    void tooManyErrorsOfTrafficMayDoNoMoreThanHastenTheNextCheck() throws InterruptedException {
        CountDownLatch again = new CountDownLatch(2);
        ServiceChecks checks = checksBy(seldom(3), (onLoop, endpoint, address, answer) -> {
            again.countDown();
            answer.setSuccess(new ProbeResult(CONNECTED, 0));
        });
        checks.reconcile(ONE);
        assertThat(sink.next().text()).isEqualTo("PASSING connected");

        checks.suspect(ONE.get(0).id(), ErrorReaction.FAST_CHECK, "3 errors in a row");
        checks.suspect(EndpointId.of("", "nobody", 1), ErrorReaction.MARK_DOWN, "not one of ours");

        assertThat(again.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(sink.rest()).isEmpty();
    }

    @Test
    void checksGoToThePortThatAnEndpointsOptionsSayNow() throws InterruptedException {
        BlockingQueue<SocketAddress> addresses = new LinkedBlockingQueue<>();
        ServiceChecks checks = checksBy((onLoop, endpoint, address, answer) -> {
            addresses.add(address);
            answer.setSuccess(new ProbeResult(CONNECTED, 0));
        });
        checks.reconcile(ONE);
        assertThat(addresses.poll(5, TimeUnit.SECONDS))
                .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), 80));

        checks.reconcile(List.of(ONE.get(0).withOptions("port 81")));

        InetSocketAddress moved = new InetSocketAddress(InetAddress.getLoopbackAddress(), 81);
        SocketAddress last = addresses.poll(5, TimeUnit.SECONDS);
        while (last != null && !last.equals(moved)) {
            last = addresses.poll(5, TimeUnit.SECONDS);
        }
        assertThat(last).isEqualTo(moved);
        assertThat(sink.rest()).hasSize(1);
    }

    /** Returns checks that follow each other closely only while the endpoint changes state. */
    private static CheckConfig seldom(int fall) {
        Duration hour = Duration.ofHours(1);
        return CheckConfig.every(hour)
                .with()
                .fastInterval(Duration.ofMillis(5))
                .downInterval(Duration.ofMillis(5))
                .rise(1)
                .fall(fall)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    private ServiceChecks checksBy(Probe probe) {
        return checksBy(Checks.often(1, 1, null), probe);
    }

    private ServiceChecks checksBy(CheckConfig config, Probe probe) {
        CheckSchedule schedule = new CheckSchedule(config, RandomSource.SYSTEM);
        CheckPlan plan = new CheckPlan(config, probe, schedule, names, Clock.SYSTEM);
        return new ServiceChecks("web", plan, sink, checker, new ServiceCounters(List.of(loop), 0));
    }
}
