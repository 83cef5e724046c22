package io.myelin.health.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Attributes;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.myelin.health.Checker;
import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.health.lifecycle.LifecycleMonitor.ProbeReport;
import io.myelin.health.lifecycle.LifecycleMonitor.Watch;
import io.myelin.health.lifecycle.LifecycleObserver;
import io.myelin.health.lifecycle.LoopLifecycleMonitor;
import io.myelin.health.lifecycle.ProbeConfig;
import io.myelin.health.lifecycle.ProbeSubject;
import io.myelin.health.lifecycle.ProbeSubject.Port;
import io.myelin.health.lifecycle.ReplicaState;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import io.myelin.testing.Await;
import io.myelin.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Probes of a real gRPC server by its own health service. */
@Timeout(60)
class GrpcProbeTest implements LifecycleObserver {
    private static final Path FILES = Path.of("../proxy-core/src/test/resources/tls");

    private final Checker checker = new Checker(1, Clock.SYSTEM, RandomSource.SYSTEM);
    private final LoopLifecycleMonitor monitor = new LoopLifecycleMonitor(checker, Clock.SYSTEM);
    private final HealthStatusManager health = new HealthStatusManager();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final BlockingQueue<String> steps = new LinkedBlockingQueue<>();
    private Server server;

    @BeforeEach
    void start() throws IOException {
        // Nobody gets one of those by accident while the server of a test is away.
        server = serve(FreePorts.one());
    }

    @AfterEach
    void stop() {
        monitor.close();
        checker.close();
        server.shutdownNow();
    }

    @Override
    public void onState(ReplicaState state, String reason) {
        steps.add(state.text());
    }

    @Override
    public void onLivenessFailed(String reason) {
        steps.add("failed");
    }

    @Test
    void followsTheServersOwnWordOnOneConnection() throws InterruptedException {
        health.setStatus("shop", ServingStatus.NOT_SERVING);
        Watch watch = watch(server.getPort(), "shop", Duration.ofSeconds(20));
        assertThat(next()).isEqualTo("healthy");
        Await.until("failures", () -> report(watch).failures() >= 3);
        assertThat(report(watch).reason()).startsWith("NOT_SERVING in ");

        health.setStatus("shop", ServingStatus.SERVING);
        assertThat(next()).isEqualTo("ready");
        assertThat(report(watch).target()).isEqualTo("grpc 127.0.0.1:" + server.getPort() + "/shop");
        assertThat(connections).hasValue(1);

        watch.close();
        Await.until("the connection is closed", () -> closed.get() == 1);
    }

    @Test
    void theServerAsAWholeServesUnlessItSaysOtherwise() throws InterruptedException {
        watch(server.getPort(), "", Duration.ofSeconds(20));

        assertThat(next()).isEqualTo("healthy");
        assertThat(next()).isEqualTo("ready");
    }

    @Test
    void aServiceThatTheServerDoesNotKnowFails() {
        Watch watch = watch(server.getPort(), "nothing", Duration.ofSeconds(20));

        Await.until("a failure", () -> report(watch).failures() > 0);
        assertThat(report(watch).reason()).startsWith("NOT_FOUND: service nothing in ");
    }

    @Test
    void aServerThatComesBackIsFoundByTheNextProbe() throws InterruptedException, IOException {
        Watch watch = watch(server.getPort(), "", Duration.ofSeconds(20));
        next();
        assertThat(next()).isEqualTo("ready");
        int port = server.getPort();
        server.shutdownNow().awaitTermination();
        assertThat(next()).isEqualTo("healthy");
        Await.until("many refusals", () -> report(watch).failures() > 10);
        assertThat(report(watch).reason()).containsIgnoringCase("refused");

        server = serve(port);
        assertThat(next()).isEqualTo("ready");
    }

    @Test
    void aServerThatSaysNothingTimesOut() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Watch watch = watch(silent.getLocalPort(), "", Duration.ofMillis(200));

            Await.until("a failure", () -> report(watch).failures() > 0);
            assertThat(report(watch).reason()).isEqualTo("timeout after 200 ms");
            watch.close();
        }
    }

    @Test
    void tlsIsSpokenWhereTheBindingOrTheProbeSaysSoAndBadCertificatesAreTold()
            throws IOException, InterruptedException {
        Server encrypted = builder(0)
                .useTransportSecurity(
                        FILES.resolve("localhost.pem").toFile(),
                        FILES.resolve("localhost.pem").toFile())
                .build()
                .start();
        try {
            int port = encrypted.getPort();
            Watch trusting = watch(port, new ProbeConfig.Grpc("", null, "", false), "https");
            assertThat(next()).isEqualTo("healthy");
            assertThat(next()).isEqualTo("ready");
            assertThat(report(trusting).target()).isEqualTo("grpc over TLS 127.0.0.1:" + port);
            trusting.close();

            Watch strict = watch(port, new ProbeConfig.Grpc("", null, "https", true), "");
            Await.until("a failure", () -> report(strict).failures() > 0);
            assertThat(report(strict).reason()).startsWith("TLS failed: ").contains("certification path");
            strict.close();

            Watch plain = watch(port, new ProbeConfig.Grpc("", null, "http", true), "https");
            Await.until("a failure", () -> report(plain).failures() > 0);
            assertThat(report(plain).target()).startsWith("grpc 127.");
            plain.close();
        } finally {
            encrypted.shutdownNow();
        }
        Watch nobody = watch(server.getPort(), new ProbeConfig.Grpc("", null, "https", false), "");
        Await.until("a failure", () -> report(nobody).failures() > 0);
        assertThat(report(nobody).reason()).startsWith("TLS failed: ");
    }

    private Server serve(int port) throws IOException {
        return builder(port).build().start();
    }

    private NettyServerBuilder builder(int port) {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(health.getHealthService())
                .addTransportFilter(new ServerTransportFilter() {
                    @Override
                    public Attributes transportReady(Attributes attributes) {
                        connections.incrementAndGet();
                        return attributes;
                    }

                    @Override
                    public void transportTerminated(Attributes attributes) {
                        closed.incrementAndGet();
                    }
                });
    }

    private Watch watch(int port, String service, Duration limit) {
        return watch(port, new ProbeConfig.Grpc(service, null), "", limit);
    }

    private Watch watch(int port, ProbeConfig.Grpc way, String protocol) {
        return watch(port, way, protocol, Duration.ofSeconds(20));
    }

    private Watch watch(int port, ProbeConfig.Grpc way, String protocol, Duration limit) {
        ProbeConfig probe = new ProbeConfig(way, Duration.ZERO, Duration.ofMillis(10), limit, 1, 1);
        LifecycleConfig config = new LifecycleConfig(
                null, probe, LifecycleConfig.Demotion.DRAIN, LifecycleConfig.DEFAULT_DRAIN_LIMIT, null);
        ProbeSubject subject = new ProbeSubject("web", "web_1", List.of(new Port(0, protocol, "127.0.0.1", port)));
        return monitor.watch(config, subject, this);
    }

    private String next() throws InterruptedException {
        String step = steps.poll(20, TimeUnit.SECONDS);
        assertThat(step).as("next step").isNotNull();
        return step;
    }

    private static ProbeReport report(Watch watch) {
        return watch.reports().get(0);
    }
}
