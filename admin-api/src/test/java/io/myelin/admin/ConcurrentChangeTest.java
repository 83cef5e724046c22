package io.myelin.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.control.ControlLoop;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.HealthVerdict;
import io.myelin.model.RandomSource;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.server.BindAddress;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pools change on their own threads as fast as they can while operators look. */
@Timeout(30)
class ConcurrentChangeTest {
    private static final int ROUNDS = 40;
    /** How long traffic rests between two requests, which leaves the processors to the others. */
    private static final long PAUSE_NANOS = 20_000;

    private final FakeProcess process = new FakeProcess();
    private final AtomicBoolean stopped = new AtomicBoolean();

    @Test
    void everyAnswerDescribesOneSnapshot() throws Exception {
        ExecutorService others = Executors.newFixedThreadPool(2);
        try (ControlLoop control = new ControlLoop();
                AdminServer server = AdminServer.start(new BindAddress("127.0.0.1", 0), process, Clock.SYSTEM)) {
            Pool pool = new Pool(PoolConfig.named("web"), control, Clock.SYSTEM, RandomSource.SYSTEM, 1);
            process.serve(pool);
            CompletableFuture<Void> changes = CompletableFuture.runAsync(() -> change(pool), others);
            CompletableFuture<Void> traffic = CompletableFuture.runAsync(() -> record(pool), others);

            look(AdminClient.of(server));

            stopped.set(true);
            changes.orTimeout(10, TimeUnit.SECONDS).join();
            traffic.orTimeout(10, TimeUnit.SECONDS).join();
            assertThat(pool.snapshot().version()).isGreaterThan(1);
        } finally {
            stopped.set(true);
            others.shutdownNow();
        }
    }

    private static void look(AdminClient client) throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            JsonNode service = client.json("/api/v1/services/web");
            assertThat(service.path("members"))
                    .hasSize(service.path("memberCounts").path("total").asInt());
            assertThat(client.get("/metrics").statusCode()).isEqualTo(200);
            assertThat(client.get("/ready").statusCode()).isEqualTo(200);
        }
    }

    /** Delivers sets of changing length and judges their members, with a bounded number of changes under way. */
    private void change(Pool pool) {
        Semaphore published = new Semaphore(0);
        pool.observe((changed, before, after) -> published.release());
        for (int revision = 1; !stopped.get(); revision++) {
            List<Endpoint> endpoints = IntStream.rangeClosed(1, 1 + revision % 7)
                    .mapToObj(number -> Endpoint.of("", "10.0.0." + number, 80))
                    .toList();
            published.drainPermits();
            pool.replace(new EndpointSet("web", endpoints, "revision " + revision));
            pool.onVerdict(endpoints.get(0).id(), new HealthVerdict(HealthVerdict.State.PASSING, "ok", revision));
            await(published);
        }
    }

    private static void await(Semaphore published) {
        try {
            if (!published.tryAcquire(10, TimeUnit.SECONDS)) {
                throw new AssertionError("no snapshot within 10 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void record(Pool pool) {
        for (long nanos = 1; !stopped.get(); nanos += 1_000) {
            pool.load(0).latency().record(nanos);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
